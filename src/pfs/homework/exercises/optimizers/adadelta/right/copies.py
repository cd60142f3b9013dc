def adadelta(theta, g, v, u, lr=1.0, rho=0.9, eps=1e-6):
    squares, moves = v.clone(), u.clone()
    squares.mul_(rho).add_(g * g, alpha=1 - rho)
    move = g * moves.add(eps).sqrt() * squares.add(eps).rsqrt()
    moves = moves.mul(rho) + (move * move).mul(1 - rho)
    return theta.clone().sub_(lr * move), squares, moves
