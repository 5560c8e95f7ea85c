"""`fazhi bundle`: which bundles there are, what one holds, whether it can be used, what differs between two.

    fazhi bundle diff fazhi-linear@0.1.0 fazhi-linear@0.2.0 reports/  ->  fields side by side, paragraphs that changed

Reads bundles, changes none; how they are found, read and refused is for `fazhi.model.bundle`.
"""
