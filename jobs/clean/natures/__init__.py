"""How records are judged and written, one module per nature: facts, states, snapshots."""
