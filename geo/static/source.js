// The document as it was delivered, kept before any script touches it, so that it can be saved again.
"use strict";
const Delivered = "<!DOCTYPE html>\n" + document.documentElement.outerHTML + "\n";
