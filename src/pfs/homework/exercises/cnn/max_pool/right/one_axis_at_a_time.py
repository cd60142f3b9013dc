from torch.nn.functional import pad


def along_rows(x, kernel, stride, padding):
    ends = pad(x, (padding, padding), value=float("-inf"))
    return ends.unfold(-1, kernel, stride).max(-1).values


def max_pool(x, kernel, stride, padding):
    x = along_rows(x, kernel, stride, padding)
    return along_rows(x.mT, kernel, stride, padding).mT
