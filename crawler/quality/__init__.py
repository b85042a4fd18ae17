"""Evaluates the extracted texts on pages whose text a person has corrected."""
