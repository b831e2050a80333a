package trace

// Fix is where the fix of a finding is, if that is known better than from its code. It selects among the commands of the code's page.
type Fix string

// The places of a fix.
const (
	FixUnknown     Fix = ""            // in any of the places that the page of the code has
	FixNetwork     Fix = "network"     // in what prevents a connection, such as a NetworkPolicy
	FixReleaseName Fix = "releaseName" // in spec.releaseName of the ReleaseBinding: the right release exists
	FixOverrides   Fix = "overrides"   // in the overrides of the ReleaseBinding
	FixRecreate    Fix = "recreate"    // in an immutable field
	FixSpec        Fix = "spec"        // in the spec of the objects: the same spec applied again fails again
	FixOutside     Fix = "outside"     // outside the spec of the object: in the new version of the software, or in an operator of the cluster
)
