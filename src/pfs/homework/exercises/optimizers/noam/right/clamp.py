def noam(step, d_model, warmup):
    late = step.clamp(min=warmup)
    early = step.clamp(max=warmup) / warmup
    return early / (late.sqrt() * d_model**0.5)
