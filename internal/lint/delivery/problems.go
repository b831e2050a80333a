package delivery

import (
	"path"
	"regexp"

	"github.com/kubectl-choreo/kubectl-choreo/internal/lint/index"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/manifest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// problems are what kept files from becoming objects. Kustomize-controller applies nothing at all of a Kustomization that
// it cannot build.
func problems(ix *index.Index) {
	for _, p := range ix.Problems {
		severity, f := problem(ix, p)
		if p.Unapplied && severity == trace.Error {
			if severity, f.Hint = trace.Warning, unappliedHint; p.Object.IsZero() {
				f.Hint = "no object in this repository applies the folder, but a bootstrap may"
			}
		}
		ix.ReportAt(p.Place, p.Object, severity, f, affected(p)...)
	}
}

const unappliedHint = "nothing in this repository applies the object; delete it if it is out of use"

func problem(ix *index.Index, p manifest.Problem) (trace.Severity, trace.Finding) {
	f := trace.Finding{Code: trace.CodeKustomizationBuildFailed, Message: p.Message}
	switch p.Kind {
	case manifest.NotParsed:
		f.Code = trace.CodeYAMLInvalid
		if ix.Flux {
			f.Hint = "one such file fails the whole Kustomization that applies it"
		}
	case manifest.NotSubstituted:
		f.Code, f.Hint = trace.CodeKustomizationPostBuildFailed, "give the variable a value or a default, or turn substitution off for the object"
	case manifest.PathAbsent:
		f.Code, f.Hint = trace.CodeKustomizationPathNotFound, "paths begin at the root of the repository"
	case manifest.PathAbsentUnapplied:
		f.Code, f.Hint = trace.CodeKustomizationPathNotFound, unappliedHint
		return trace.Warning, f
	case manifest.NotParsedUnapplied:
		f.Code, f.Hint = trace.CodeYAMLInvalid, "nothing in this repository applies the file"
		return trace.Warning, f
	case manifest.Incomplete:
		f.Code, f.Hint = trace.CodeSchemaViolation, "the API server refuses it"
		return trace.Warning, f
	case manifest.RemoteNotFetched:
		f.Code = trace.CodeRemoteNotChecked
		return trace.Info, f
	case manifest.TargetAbsent:
		f.Code, f.Hint = trace.CodePatchTargetNotFound, "check the kind and the name: kustomize compares them as regular expressions"
		return trace.Warning, f
	case manifest.NotBuilt, manifest.ProblemUnknown:
		f.Hint = "nothing below the path is applied while the build fails"
		if path.Base(p.Place.File) == ".choreolint.yaml" {
			f.Hint = "list .choreolint.yaml in .sourceignore: kustomize-controller reads every YAML file below the path"
		}
	}
	return trace.Error, f
}

var objectFirst = regexp.MustCompile(`^([A-Z][A-Za-z]* [^\s:]+): `)

// affected is the object of a Kustomization whose variable has no value. The message begins with it.
func affected(p manifest.Problem) []string {
	if m := objectFirst.FindStringSubmatch(p.Message); p.Kind == manifest.NotSubstituted && m != nil {
		return []string{m[1]}
	}
	return nil
}
