"""The two-headed network and the model that tags with it: the only room of `model` that loads torch.

Nothing in `model` imports it; `scorers.load_scorer` loads it by name for a bundle of kind `torch`, and `training` uses
it to learn.
"""

from fazhi.model.encoder.model import TorchModel, load_model, write_network
from fazhi.model.encoder.network import Batch, TwoHeads, batch_of

__all__ = ["Batch", "TorchModel", "TwoHeads", "batch_of", "load_model", "write_network"]
