def adadelta(theta, g, v, u, lr=1.0, rho=0.9, eps=1e-6):
    v = v.mul(rho).addcmul(g, g, value=1 - rho)
    move = g * ((u + eps) / (v + eps)) ** 0.5
    return theta.sub(move, alpha=lr), v, u.lerp(move.square(), 1 - rho)
