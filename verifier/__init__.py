"""The verifier: anyone opens a credential and believes, or disbelieves, it for a stated reason."""
