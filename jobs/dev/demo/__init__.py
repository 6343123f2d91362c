"""The demo shop: seeded landing files in the forms that real shops land, and what is true of them."""
