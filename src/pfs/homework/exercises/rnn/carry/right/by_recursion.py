def carry(state):
    if type(state) is not tuple:
        return state.data
    if not state:
        return ()
    return (carry(state[0]), *carry(state[1:]))
