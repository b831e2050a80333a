package verify

import "time"

// Probe is the answer of one endpoint.
type Probe struct {
	Environment string `json:"environment"`
	Endpoint    string `json:"endpoint"`
	URL         string `json:"url"`
	OK          bool   `json:"ok"`
	// Status is the HTTP status; 0 where none came, and Error says why.
	Status int    `json:"status,omitempty"`
	Error  string `json:"error,omitempty"`
	// Latency is from the begin of the request until its answer began.
	Latency time.Duration `json:"latency"`
}
