"""Who is calling, and what their role allows."""
