def adagrad(theta, g, s, lr=0.01, eps=1e-10):
    s = s.addcmul(g, g)
    return theta.addcdiv(g, s.sqrt().add(eps), value=-lr), s
