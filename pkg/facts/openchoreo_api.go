package facts

import "strings"

// OpenChoreoAPI begins the Reason of a result that OpenChoreo's API, which was asked instead of the cluster of a plane, could not give.
const OpenChoreoAPI = "openchoreo-api"

// IsOpenChoreoAPI reports whether a Reason is about OpenChoreo's API, and not about the cluster of a plane.
func IsOpenChoreoAPI(reason string) bool {
	return strings.HasPrefix(reason, OpenChoreoAPI+": ") || strings.HasPrefix(reason, OpenChoreoAPI+" at ") || strings.HasPrefix(reason, Unauthorized+": "+OpenChoreoAPI+" at ")
}
