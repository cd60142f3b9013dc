import math


def cosine(epoch, epochs, rate):
    return rate * (epoch * (math.pi / 2 / epochs)).cos().square()
