"""fazhi.training — examples to bundles. Stands on `fazhi.model`; needs the extra `train`."""
