package verify

// Probe is the answer of one endpoint.
type Probe struct {
	Environment string `json:"environment"`
	Endpoint    string `json:"endpoint"`
	URL         string `json:"url"`
	// Through is the pod that was asked through the API server, where the URL can be reached within the cluster only.
	Through string `json:"through,omitempty"`
	// OK means that the answer is the expected one; false also where none could be asked for.
	OK bool `json:"ok"`
	// Status is that of HTTP; 0 where none came, and Error says why.
	Status int    `json:"status,omitempty"`
	Error  string `json:"error,omitempty"`
	// Seconds are those from the begin of the request until its answer began; of several attempts, of the last.
	Seconds float64 `json:"seconds"`
}
