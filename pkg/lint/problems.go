package lint

import (
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// problems are what kept files from becoming objects. Kustomize-controller applies nothing at all of a Kustomization that
// it cannot build.
func problems(w *index) {
	for _, p := range w.Problems {
		severity, f := problem(p)
		w.reportAt(p.Place, p.Object, severity, f)
	}
}

func problem(p manifest.Problem) (trace.Severity, trace.Finding) {
	f := trace.Finding{Code: trace.CodeKustomizationBuildFailed, Message: p.Message}
	switch p.Kind {
	case manifest.NotParsed:
		f.Code, f.Hint = trace.CodeYAMLInvalid, "one such file fails the whole Kustomization that applies it"
	case manifest.NotSubstituted:
		f.Code, f.Hint = trace.CodeKustomizationPostBuildFailed, "give the variable a value or a default, or turn substitution off for the object"
	case manifest.PathAbsent:
		f.Code, f.Hint = trace.CodeKustomizationPathNotFound, "paths begin at the root of the repository"
	case manifest.RemoteNotFetched:
		f.Code = trace.CodeRemoteNotChecked
		return trace.Info, f
	case manifest.NotBuilt, manifest.Unsaid:
		f.Hint = "nothing below the path is applied while the build fails"
	}
	return trace.Error, f
}
