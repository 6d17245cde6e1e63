"""What lies between a leader's tap and the server: the store on the phone and its exchange with a real server."""
