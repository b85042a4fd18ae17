"""How good the texts are, on pages whose text a person has corrected."""
