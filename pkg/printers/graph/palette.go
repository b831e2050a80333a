package graph

import "github.com/kubectl-choreo/kubectl-choreo/pkg/trace"

// palette is how a state looks in a picture, on a light ground and on a dark one: the hues of Okabe and Ito, which people with any
// kind of colour vision tell apart, as borders of pale boxes; the line differs as well.
type palette struct{ fill, border, line string }

func paletteOf(s trace.State) palette {
	switch s {
	case trace.OK:
		return palette{"#e6f5f0", "#007a59", "solid"}
	case trace.Failed:
		return palette{"#fbe4d8", "#b34700", "bold"}
	case trace.Progressing:
		return palette{"#e3f1fa", "#0072b2", "dashed"}
	case trace.Suspended:
		return palette{"#fdf3dc", "#946200", "dashed"}
	case trace.Blocked:
		return palette{"#f0f0f0", "#6b6b6b", "dotted"}
	case trace.Unknown:
		return palette{"#f8e9f2", "#a0447a", "dotted"}
	}
	return palette{"#f8e9f2", "#a0447a", "dotted"}
}

// legend are the states in the order of their legend.
func legend() []trace.State {
	return []trace.State{trace.OK, trace.Failed, trace.Progressing, trace.Suspended, trace.Blocked, trace.Unknown}
}
