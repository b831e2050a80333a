package facts

import "time"

// Probe is the response of an endpoint to a request, or why none was sent. The zero value is a response that is not the expected one.
type Probe struct {
	Environment string
	Endpoint    string
	URL         string
	Through     string // namespace/name of the pod that was requested instead of the URL
	OK          bool   // the status is an expected one
	Status      int    // 0 without a response
	Error       string // the reason for a missing response
	Took        time.Duration
	// NotSent is the reason why no request was sent, and Forbidden that it was a missing right. Then nothing is known of the endpoint.
	NotSent   string
	Forbidden bool
}
