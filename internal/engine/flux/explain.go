package flux

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/fluxcd/pkg/apis/meta"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Patterns of kustomize-controller's messages that contain more than a file or an object (fluxcd/pkg ssa v0.76 errors/errors.go,
// manager_apply.go; Kubernetes v1.36 admission webhook errors).
var (
	webhookDown    = regexp.MustCompile(`failed calling webhook "([^"]+)"`)
	healthFailure  = regexp.MustCompile(`([A-Za-z][A-Za-z0-9]*)/(?:([a-z0-9][a-z0-9.-]*)/)?([^\s/\]]+) status: '(\w+)'`)
	postBuild      = regexp.MustCompile(`^post build failed for '`)
	decryption     = regexp.MustCompile(`^decryption failed for '|(?:^|: )(?:failed to decrypt |cannot decrypt |error decrypting |cannot get sops data key|sops metadata not found)`)
	noDecryptKey   = regexp.MustCompile(`^secrets "[^"]*" not found$`)
	tampered       = regexp.MustCompile(`cipher: message authentication failed$`)
	sourceMissing  = regexp.MustCompile(`^\S+\.(?:source\.toolkit|source\.extensions)\.fluxcd\.io "[^"]*" not found$`)
	appliedTrailer = regexp.MustCompile(`(?m)^\S+ (created|configured|deleted|unchanged)$`)
)

// Explain classifies a failure message and extracts the object or file that it names.
func Explain(v *view.Component, reason, message string) trace.Finding {
	f := trace.Finding{Code: trace.CodeKustomizationApplyFailed, Message: kinds.InRepository(message)}
	switch reason {
	case meta.BuildFailedReason:
		return explainBuild(f, inFile(message))
	case meta.ArtifactFailedReason:
		return explainArtifact(f)
	case meta.PruneFailedReason:
		f.Code = trace.CodeKustomizationPruneFailed
		f.Hint = "all objects are applied, but one that was removed from Git could not be deleted, so Flux keeps reporting the previous revision"
		if why := delivery.Refusal(f.Message, delivery.By{Kind: "Kustomization", Controller: "kustomize-controller"}); why != "" {
			f.Hint += "; " + why
		}
	case meta.HealthCheckFailedReason:
		return explainHealthCheck(f)
	case kinds.ReasonAccessDenied, meta.InvalidCELExpressionReason, meta.FeatureGateDisabledReason:
		f.Code = trace.CodeKustomizationStalled
		f.Hint = fmt.Sprintf("correct %s in Git: kustomize-controller does not retry until it changes", stalledField(f.Message))
	case meta.ReconciliationFailedReason:
		return ExplainApply(v, f, delivery.By{Kind: "Kustomization", Controller: "kustomize-controller"})
	}
	return f
}

// explainBuild distinguishes a file that cannot be built from a failed substitution or decryption after the build.
func explainBuild(f trace.Finding, inFile string) trace.Finding {
	f.Code = trace.CodeKustomizationBuildFailed
	switch {
	case postBuild.MatchString(f.Message):
		f.Code = trace.CodeKustomizationPostBuildFailed
		f.Hint = "a ${variable} in that object has no value in spec.postBuild; nothing of this Kustomization is applied"
		if strings.Contains(f.Message, "'ComponentRelease") {
			f.Hint = "a ComponentRelease contains ${expressions} of OpenChoreo: add the annotation kustomize.toolkit.fluxcd.io/substitute: disabled to it"
		}
	case noDecryptKey.MatchString(f.Message):
		// kustomize-controller v1.9.3 internal/decryptor/decryptor.go, ImportKeys. Secrets of spec.postBuild are named in another message.
		f.Hint = "the Secret in spec.decryption.secretRef does not exist: create it with the keys; nothing of this Kustomization is applied"
	case decryption.MatchString(f.Message) && tampered.MatchString(f.Message):
		f.Hint = "an encrypted value was changed without sops, or is damaged: restore the file from the last commit where sops --decrypt opens it, or encrypt the value again with sops" + inFile
	case decryption.MatchString(f.Message):
		f.Hint = "the file is encrypted for other keys than those in the Secret of spec.decryption: add the right key to the Secret, or run sops updatekeys on the file; sops --decrypt shows which keys open it" + inFile
	default:
		f.Hint = "nothing of this Kustomization is applied until it builds" + inFile
	}
	return f
}

func explainArtifact(f trace.Finding) trace.Finding {
	f.Code = trace.CodeKustomizationArtifactFailed
	switch {
	case strings.HasPrefix(f.Message, "kustomization path not found: "):
		f.Code = trace.CodeKustomizationPathNotFound
		f.Hint = "the source does not have this folder: correct spec.path of the Kustomization, or commit the folder"
	case strings.HasPrefix(f.Message, "failed to download archive: "), strings.HasPrefix(f.Message, "failed to verify archive: "):
		f.Hint = "kustomize-controller cannot download the artifact from source-controller: check the network and DNS"
	case strings.HasPrefix(f.Message, "Source artifact not found"), strings.HasPrefix(f.Message, "Source is not ready, artifact not found"):
		f.Hint = "the source has no artifact: nothing is applied until it is fetched"
	case sourceMissing.MatchString(f.Message):
		f.Hint = "spec.sourceRef names a source that does not exist"
	}
	return f
}

func inFile(message string) string {
	if file, _ := kinds.NamedFile(message); file != "" {
		return "; the file is " + file
	}
	return ""
}

// ExplainApply explains an apply error. kustomize-controller and flux-operator dry-run all objects of a stage before they apply any, and report
// only the first error. So another component's object blocks ours.
func ExplainApply(v *view.Component, f trace.Finding, by delivery.By) trace.Finding {
	object, what := kinds.NamedObject(f.Message)
	if what == "" {
		if strings.HasPrefix(f.Message, "dry-run failed: ") || strings.HasPrefix(f.Message, "dry-run failed (") {
			f.Code = trace.CodeKustomizationDryRunFailed
		}
		f.Hint = delivery.Refusal(f.Message, by)
		return f
	}
	blamed := engine.Ref(object)
	if what == "dry-run failed" {
		f.Code = trace.CodeKustomizationDryRunFailed
	}
	if hook := webhookDown.FindStringSubmatch(f.Message); hook != nil {
		f.Code = trace.CodeWebhookUnavailable
		f.Hint = fmt.Sprintf("the webhook %s does not respond: check the controller that serves it; the file is not the cause", hook[1])
		return f
	}
	f.Evidence = append(f.Evidence, trace.Evidence{Path: "object", Value: blamed.String()})
	f.Hint = fmt.Sprintf("blocked by %s: nothing of this %s is applied while one object is rejected", blamed, by.Kind)
	if delivery.IsOurs(v, blamed) {
		f.Hint = fmt.Sprintf("%s is rejected, so nothing of this %s is applied", blamed, by.Kind)
	}
	if why := delivery.RefusalOf(v, blamed, f.Message, by); why != "" {
		f.Hint += "; " + why
	}
	if appliedTrailer.MatchString(f.Message) {
		f.Hint += "; the objects at the end of the message were applied before"
	}
	return f
}

func explainHealthCheck(f trace.Finding) trace.Finding {
	f.Code = trace.CodeHealthCheckFailed
	var named []string
	for _, m := range healthFailure.FindAllStringSubmatch(f.Message, -1) {
		named = append(named, fmt.Sprintf("%s %s is %s", m[1], strings.TrimPrefix(m[2]+"/"+m[3], "/"), m[4]))
	}
	if len(named) > 0 {
		f.Hint = "all objects are applied; not healthy: " + strings.Join(named, ", ")
	}
	return f
}

// failureInEvents returns the error of an earlier run at the source's current revision, unless a later run succeeded. Each new
// run and each wait for a dependency overwrites the condition, but not the events.
func failureInEvents(v *view.Component, o facts.Object, ready kinds.Condition) (trace.Finding, bool) {
	revision := delivery.ArtifactRevision(v.Object(v.Engines.SourceOf(o)))
	for _, e := range v.Warnings(o.Ref) {
		if e.Reason == meta.DependencyNotReadyReason || revision == "" || e.Annotations[kinds.EventRevision] != revision {
			continue
		}
		if isSuperseded(v, o, e.Last, ready) {
			continue
		}
		f := Explain(v, e.Reason, e.Message)
		f.Since = e.Last
		f.Evidence = append(f.Evidence, trace.Evidence{Path: "event " + e.Reason, Value: e.Message})
		NameChange(v, &f, o.Ref, e.Message)
		return f, true
	}
	return trace.Finding{}, false
}
