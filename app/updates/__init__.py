"""Updates: releases, check-ins, downloads and reports."""
