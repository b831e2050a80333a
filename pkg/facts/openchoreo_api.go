package facts

import "strings"

// OpenChoreoAPI begins the Reason of a result that OpenChoreo's API, which was used instead of the cluster of a plane, could not return.
const OpenChoreoAPI = "openchoreo-api"

// API is how OpenChoreo's API is used in place of the clusters of data planes. nil: it is not.
type API struct {
	// Address is the value of --openchoreo-api, "" for that of a login.
	Address string
	// Reads reports whether a plane is read through it.
	Reads func(Plane) bool
}

// IsFor reports whether a plane is read through the API.
func (a *API) IsFor(plane Plane) bool { return a != nil && a.Reads != nil && a.Reads(plane) }

// Flag returns the value of --openchoreo-api, "" for none.
func (a *API) Flag() string {
	if a == nil {
		return ""
	}
	return a.Address
}

// LeftOut begins the Reason if the API answered, and left out an object that OpenChoreo has applied. It was deleted, or the API could not
// read it, so an earlier report of it shows nothing.
const LeftOut = OpenChoreoAPI + ": left out: "

// IsLeftOut reports whether a Reason begins with LeftOut.
func IsLeftOut(reason string) bool { return strings.HasPrefix(reason, LeftOut) }

// IsOpenChoreoAPI reports whether a Reason is about OpenChoreo's API, and not about the cluster of a plane.
func IsOpenChoreoAPI(reason string) bool {
	return strings.HasPrefix(reason, OpenChoreoAPI+": ") || strings.HasPrefix(reason, OpenChoreoAPI+" at ") || strings.HasPrefix(reason, Unauthorized+": "+OpenChoreoAPI+" at ")
}
