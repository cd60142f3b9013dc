def sequence_loss(logits, target, pad):
    real = target != pad
    log_p = logits.log_softmax(-1)[real]
    return -log_p.gather(1, target[real][:, None]).mean()
