package pods

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/origin"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// The words in which the kubelet reports that a pod names a Secret or ConfigMap, or a key in it, that does not exist (Kubernetes v1.36
// pkg/kubelet/kubelet_pods.go, pkg/volume/util).
var (
	objectNotFound = regexp.MustCompile(`(?i)\b(secret|configmap) "([^"]+)" not found`)
	keyNotFound    = regexp.MustCompile(`(?i)couldn't find key \S+ in (secret|configmap) [^/\s]+/([^\s,;]+)`)
)

// nameProducer names what should create the Secret or ConfigMap that a pod lacks, in the hint of the finding. needs is what refers to it.
func nameProducer(p *view.Environment, f *trace.Finding, pod facts.Ref, needs string) {
	lacks, state := objectNotFound.FindStringSubmatch(f.Message), "does not exist"
	if lacks == nil {
		if lacks, state = keyNotFound.FindStringSubmatch(f.Message), "does not have that key"; lacks == nil {
			return
		}
	}
	ref := facts.Ref{Plane: pod.Plane, Kind: map[bool]string{true: "Secret", false: "ConfigMap"}[strings.EqualFold(lacks[1], "secret")], Namespace: pod.Namespace, Name: lacks[2]}
	for _, o := range p.PlaneObjects() {
		if o.Ref.Namespace == ref.Namespace && produces(o, ref) {
			f.Hint = fmt.Sprintf("%s should create it%s", o.Ref, asItReports(p, o))
			if describe := command.Describe(o.Ref); describe != "" {
				f.NextSteps = []trace.NextStep{{Role: trace.RoleDataPlane, Plane: o.Ref.Plane, Command: describe}}
			}
			return
		}
	}
	if !nameApplier(p, f, ref) {
		f.Hint = fmt.Sprintf("%s needs %s %s, which %s; the release does not create it", needs, ref.Kind, ref.Name, state)
		f.Hint += ": " + createOrRename(p, ref.Name, objectNotFound.MatchString(f.Message))
	}
}

// createOrRename is how to fix that an object, or a key in it, does not exist, with the place that has the name.
func createOrRename(p *view.Environment, name string, isObject bool) string {
	create := "add the key"
	if isObject {
		create = "create it in the namespace of the pod"
	}
	if place := origin.Naming(p, name); place != "" {
		return fmt.Sprintf("%s, or correct the name in %s in Git", create, place)
	}
	return strings.TrimSuffix(fmt.Sprintf("%s, or correct the name in the Workload, or in the template of the component type. %s", create, origin.OfPods(p)), ". ")
}

// nameApplier goes by the inventories, for what is delivered beside the release to the same cluster.
func nameApplier(p *view.Environment, f *trace.Finding, lacking facts.Ref) (known bool) {
	for _, kind := range []facts.Ref{
		{Kind: lacking.Kind}, {Group: kinds.ExternalSecrets, Kind: "ExternalSecret"}, {Group: kinds.SealedSecrets, Kind: "SealedSecret"},
	} {
		kind.Namespace, kind.Name = lacking.Namespace, lacking.Name
		for _, applier := range delivery.AppliedBy(p.Component, kind) {
			f.Hint = fmt.Sprintf("%s lists %s %s as applied: it was deleted since, or is in another cluster", applier.Ref, kind.Kind, kind.Name)
			return true
		}
	}
	return false
}

// produces reports whether an object of the release is, or creates, what is lacking (external-secrets v1
// apis/externalsecrets/v1/externalsecret_types.go; sealed-secrets v0.27; cert-manager v1.18 pkg/apis/certmanager/v1/types_certificate.go).
func produces(o view.PlaneObject, lacking facts.Ref) bool {
	if o.Ref.Group == kinds.Core {
		return o.Ref.Kind == lacking.Kind && o.Ref.Name == lacking.Name
	}
	if lacking.Kind != "Secret" {
		return false
	}
	name := ""
	switch (facts.Ref{Group: o.Ref.Group, Kind: o.Ref.Kind}) {
	case facts.Ref{Group: kinds.ExternalSecrets, Kind: "ExternalSecret"}:
		name = cmp.Or(kinds.Text(o.Declared, "spec", "target", "name"), o.Ref.Name)
	case facts.Ref{Group: kinds.SealedSecrets, Kind: "SealedSecret"}:
		name = cmp.Or(kinds.Text(o.Declared, "spec", "template", "metadata", "name"), o.Ref.Name)
	case facts.Ref{Group: kinds.CertManager, Kind: "Certificate"}:
		name = kinds.Text(o.Declared, "spec", "secretName")
	}
	return name == lacking.Name
}

// asItReports is what a producer reports about itself.
func asItReports(p *view.Environment, o view.PlaneObject) string {
	known := o.Live
	if known.Outcome != facts.Found && o.Reported != nil {
		known = p.AsReported(o)
	}
	for _, name := range []string{kinds.ConditionReady, "Synced"} {
		if c := kinds.ConditionOf(known.Body, name); c.Present() {
			if c.True() {
				return fmt.Sprintf(", and reports %s=True (%s): it was deleted since, or has another name", name, c.Reason)
			}
			return fmt.Sprintf(", but reports %s=%s (%s)", name, c.Status, cmp.Or(c.Message, c.Reason))
		}
	}
	return ""
}
