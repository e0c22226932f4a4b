"""What pages show, without a server; and the widget's pure parts."""
