// Package assess makes a Trace of a Snapshot. It requests nothing and never fails: what is not known is Unknown.
package assess
