"""What auditors look for: filters, findings, samples, the process as it ran, comparisons; reads only, but for samples."""
