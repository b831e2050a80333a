// Package assesstest has a healthy cluster, recorded in the lab, for tests that break it in one place and assess it.
package assesstest
