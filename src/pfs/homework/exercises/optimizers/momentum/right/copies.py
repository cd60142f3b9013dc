def momentum(theta, g, v, lr, mu, *, nesterov=False):
    velocity = v.clone()
    velocity.mul_(mu).add_(g)
    move = velocity
    if nesterov:
        move = g.add(velocity, alpha=mu)
    return theta.clone().sub_(move, alpha=lr), velocity
