package cmdutil

import "time"

// The defaults of --grace and --stable-for, which --until settled waits for as well.
const (
	DefaultGrace  = 30 * time.Second
	DefaultStable = 10 * time.Second
)
