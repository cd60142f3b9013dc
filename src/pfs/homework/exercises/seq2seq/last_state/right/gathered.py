def last_state(states, lengths):
    layers, batch, _, hidden = states.shape
    place = (lengths - 1)[None, :, None, None]
    return states.gather(2, place.expand(layers, batch, 1, hidden))[:, :, 0]
