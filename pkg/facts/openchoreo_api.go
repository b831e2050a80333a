package facts

import "strings"

// OpenChoreoAPI begins the Reason of a result that OpenChoreo's API, which was asked instead of the cluster of a plane, could not give.
const OpenChoreoAPI = "openchoreo-api"

// LeftOut begins the Reason if the API answered, and left out an object that OpenChoreo has applied. It was deleted, or the API could not
// read it, so an earlier report of it says nothing.
const LeftOut = OpenChoreoAPI + ": left out: "

// IsLeftOut reports whether a Reason begins with LeftOut.
func IsLeftOut(reason string) bool { return strings.HasPrefix(reason, LeftOut) }

// IsOpenChoreoAPI reports whether a Reason is about OpenChoreo's API, and not about the cluster of a plane.
func IsOpenChoreoAPI(reason string) bool {
	return strings.HasPrefix(reason, OpenChoreoAPI+": ") || strings.HasPrefix(reason, OpenChoreoAPI+" at ") || strings.HasPrefix(reason, Unauthorized+": "+OpenChoreoAPI+" at ")
}
