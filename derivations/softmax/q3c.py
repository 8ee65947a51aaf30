"""Question 3 (c): the merge on which block-wise attention rests."""

from symattn.vocabulary import *

B = OffSum(exp(z(l)), l, n, (i,))
REST = OffSum(exp(z(l)) * v(l), l, n, (i,)) / B
QUESTION = Question(
    name="q3c",
    given=Given((Distinct((i, j)), OF_LOGITS.stands(alpha(l)))),
    names=OF_LOGITS,
    specification=Specification(None, words("{c} from the output of the other keys", c=c)),
)


def derive() -> Derivation:
    D = Derivation(QUESTION)
    D.state(Identity, "merge", c, alpha(i) * v(i) + (1 - alpha(i)) * REST)
    D.state(Identity, "update", c - REST, alpha(i) * (v(i) - REST))
    D.state(Identity, "normaliser", alpha(i), exp(z(i)) / (exp(z(i)) + B))
    D.answers(
        """
        One more key {i} moves the output of the others towards its value by its weight,
            [update]
        """
    )
    D.say(
        """
        Only the sum of the exponentials has to be kept beside the output,
            [normaliser]
        and the output is {merge.right} (Milakov and Gimelshein, 2018).
        """
    )
    return D
