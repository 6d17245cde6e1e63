"""How every screen looks and can be used: contrast, size, width, colours that the system forces, the keyboard."""
