"""The parties: public bodies and enterprises, under whatever code or name a paper gives them."""
