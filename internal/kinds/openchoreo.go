package kinds

// The labels that OpenChoreo puts on what it makes (openchoreo v1.2.3 internal/labels/labels.go).
const (
	LabelNamespace   = "openchoreo.dev/namespace"
	LabelProject     = "openchoreo.dev/project"
	LabelComponent   = "openchoreo.dev/component"
	LabelEnvironment = "openchoreo.dev/environment"
	// LabelRenderedReleaseUID is on every object that a RenderedRelease puts on a plane.
	LabelRenderedReleaseUID = "openchoreo.dev/rendered-release-uid"
)
