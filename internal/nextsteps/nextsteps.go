// Package nextsteps fills the commands of a finding's page with the names that a trace knows.
package nextsteps

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// Scope is what a trace knows about a finding beside its code.
type Scope struct {
	Object    facts.Ref         // that the finding is about
	Applier   facts.Ref         // that delivers it
	Names     map[string]string // values by placeholder, as docs/findings has them
	DataPlane facts.Plane
	// IsDeclared means that an applier lists the object, which is absent, as applied: there is nothing to generate.
	IsDeclared bool
	// IsNotRestored means that a run of that applier does not create the object again.
	IsNotRestored bool
	Contexts      map[facts.Plane]string // of the kubeconfig, for the clusters that the user named
	Planes        []string               // the values of --plane that the user gave
	API           *facts.API             // how OpenChoreo's API is used
	IsTraced      bool                   // the steps come with a trace of the component, so that another shows nothing more
	IsAbsent      bool                   // the object does not exist
	// AutoDeploys: OpenChoreo cuts the component's releases and binds them here.
	AutoDeploys bool
	// Restarted: the kubelet has the log of an earlier run of the container.
	Restarted bool
}

// Of are the steps of a finding: those that it has already, and those of its code's page whose values are all known, in the order
// of the page; those that only repeat the message come after the others that read.
func Of(f trace.Finding, s Scope) []trace.NextStep {
	var steps []trace.NextStep
	if facts.IsOpenChoreoAPI(f.Message) { // the page is about an API server of Kubernetes, and the message has what to do
		return nil
	}
	for _, step := range f.NextSteps {
		words := command.Words(step.Command)
		if replaced, isReplaced := s.throughAPI(step, words); isReplaced {
			step = replaced
		} else {
			step = s.inContext(step, words)
		}
		if step.Command != "" {
			steps = append(steps, step)
		}
	}
	names := namesIn(f.Message)
	isNamespaced := names["ACCOUNT"] == "" || names["DENIED_NAMESPACE"] != ""
	maps.Copy(names, s.Names)
	for _, step := range findings.Steps(f.Code) {
		if s.IsTraced && isThisTrace(step.Command) {
			continue
		}
		if step, ok := s.fill(step, f, names, isNamespaced); ok && !slices.Contains(steps, step) {
			steps = append(steps, step)
		}
	}
	return ordered(steps, f)
}

// fill fills a step of the page of a finding with names. isNamespaced is false if the finding is about a right in the whole cluster.
func (s Scope) fill(step trace.NextStep, f trace.Finding, names map[string]string, isNamespaced bool) (trace.NextStep, bool) {
	words := command.Words(step.Command)
	if namesOther(words, "NAME", s.Object) || namesOther(words, "APPLIER_NAME", s.Applier) || s.isVain(words) || isOfOtherCause(words, f) || isAnswered(words, f) {
		return trace.NextStep{}, false
	}
	if !s.Restarted { // then the kubelet has no such log
		words = slices.DeleteFunc(words, func(word string) bool { return word == "--previous" })
	}
	if k, known := kinds.Lookup(s.Object.Group, s.Object.Kind); s.Object.Namespace == "" && (!known || !k.Namespaced) {
		words = withoutNamespace(words)
	}
	if !isNamespaced {
		words = withoutFlag(words, "-n", "DENIED_NAMESPACE")
	}
	step.Plane, step.OnlyIf = s.plane(step.Role, words), afterEdit(step.OnlyIf, f.Hint)
	if f.Code == trace.CodeUnreachable && takesContext(words) {
		step.Plane = s.Object.Plane
	}
	if s.isOfOtherCluster(step, words) {
		return trace.NextStep{}, false
	}
	if replaced, isReplaced := s.throughAPI(step, words); isReplaced {
		return replaced, replaced.Command != ""
	}
	step.Command = command.Fill(strings.Join(words, " "), names)
	return s.inContext(step, words), step.Command != ""
}

// isThisTrace reports whether a command is what has just been done. A page is also read without a trace.
func isThisTrace(line string) bool {
	line = strings.TrimSuffix(line, " -e ENVIRONMENT")
	return line == "kubectl choreo trace COMPONENT -n NAMESPACE"
}

// isVain reports whether a command would only fail because the object does not exist, list others although it does, or do what OpenChoreo does.
func (s Scope) isVain(words []string) bool {
	if words[0] == "occ" && words[2] == "generate" && (s.AutoDeploys || s.IsDeclared) || s.IsNotRestored && slices.Contains(words, "reconcile") {
		return true
	}
	if !s.IsAbsent && slices.ContainsFunc(words, func(word string) bool {
		return slices.Contains([]string{"secretstores", "clustersecretstores", "issuers", "clusterissuers"}, word)
	}) {
		return true
	}
	return s.IsAbsent && words[0] == "kubectl" && slices.Contains(words, "NAME") && (words[1] != "get" || slices.Contains(words, "-o"))
}

var (
	// definitionAtFault: the data plane lacks a definition, or a namespace, or a field in a definition.
	definitionAtFault = regexp.MustCompile(`" not found$|field not declared in schema|no matches for kind|could not find the requested resource`)
	// registryAtFault: the name of the image is not the cause.
	registryAtFault = regexp.MustCompile(`i/o timeout|connection refused|toomanyrequests|x509: `)
	// lacksObject: the kubelet names the Secret or ConfigMap that a pod lacks (Kubernetes v1.36 pkg/volume/util).
	lacksObject = regexp.MustCompile(`(?i)\b(?:secret|configmap) "[^"]+" not found|references non-existent (?:secret|config) key`)
)

// isOfOtherCause reports whether a command is for another cause of its code than the one that the message names.
func isOfOtherCause(words []string, f trace.Finding) bool {
	message := f.Message
	switch {
	case showsHistory(words):
		return !failsToDecrypt(f) && !isImmutable(f)
	case checksFiles(words):
		return isOutsideGit(f) || failsToDecrypt(f) || isImmutable(f)
	case words[0] == "occ" && f.Code == trace.CodeApplyFailed && (definitionAtFault.MatchString(message) || denied.MatchString(message)):
		return true
	case words[0] == "occ" && f.Code == trace.CodeImagePullBackOff && registryAtFault.MatchString(message):
		return true
	case slices.Contains(words, "volumeattachments,csinodes"):
		return lacksObject.MatchString(message)
	case slices.Contains(words, "renderedreleases") && f.Code == trace.CodeTerminating: // OpenChoreo's finalizers wait for the data plane
		return strings.Contains(message, "blocked by finalizer") && !strings.Contains(message, "openchoreo.dev/")
	case slices.Contains(words, "secrets") && f.Code == trace.CodeGatewayNotReady:
		return strings.Contains(message, "address")
	case words[0] == "occ" && words[2] == "generate": // a new release does not help if the ReleaseBinding or an immutable field is at fault
		return strings.Contains(message, "environmentConfigs validation failed") || strings.Contains(message, "field is immutable")
	case f.Code == trace.CodeRolloutStuck && words[1] == "choreo" && slices.Contains(words, "wide"): // the next step is to delete a pod
		return strings.HasSuffix(message, "pods have the current revision")
	case slices.Contains(words, "projecttypes"):
		return strings.HasPrefix(message, "ClusterProjectType ")
	case slices.Contains(words, "clusterprojecttypes"):
		return strings.HasPrefix(message, "ProjectType ")
	case slices.Contains(words, "resourcequotas"):
		return !strings.Contains(message, "quota")
	case slices.Contains(words, "pod-security.kubernetes.io/enforce"):
		return !strings.Contains(message, "violates PodSecurity")
	}
	return false
}

// inContext adds the flags with which the user named the cluster that a step is for, and the data planes that a command of ours reads.
func (s Scope) inContext(step trace.NextStep, words []string) trace.NextStep {
	if step.Command == "" || !takesContext(words) {
		return step
	}
	if context := s.Contexts[step.Plane]; context != "" {
		step.Command = withFlag(step.Command, "--context %s", context)
	}
	if words[0] == "kubectl" && words[1] == "choreo" && words[2] != "version" {
		for _, plane := range s.Planes {
			step.Command = withFlag(step.Command, "--plane %s", plane)
		}
		if address := s.API.Flag(); address != "" {
			step.Command = withFlag(step.Command, "--openchoreo-api %s", address)
		}
	}
	return step
}

// plane is the cluster that a command is for.
func (s Scope) plane(role trace.Role, words []string) facts.Plane {
	switch role {
	case trace.RoleDataPlane:
		return s.DataPlane
	case trace.RoleControlPlane, trace.RoleDeveloper:
		return facts.Control
	case trace.RoleAdministrator:
		return s.Object.Plane
	case trace.RoleRepository, trace.RoleAfterChange:
		if takesContext(words) {
			return facts.Control
		}
	}
	return ""
}

// takesContext reports whether a command reads a cluster of the kubeconfig.
func takesContext(words []string) bool {
	switch program, verb := words[0], words[1]; program {
	case "flux", "kubeseal":
		return true
	case "kubectl":
		if verb == "choreo" {
			return !slices.Contains([]string{"lint", "explain", "rbac", "config"}, words[2])
		}
		return verb != "kustomize" && verb != "config"
	}
	return false
}

var beforeName = regexp.MustCompile(`^(?:--[a-z-]+=)?([a-z0-9.-]+)/$`)

// namesOther reports whether a command is about objects of another kind than ref: a page has commands for several kinds.
func namesOther(words []string, placeholder string, ref facts.Ref) bool {
	for i, word := range words {
		before, isLast := strings.CutSuffix(word, placeholder)
		if !isLast {
			continue
		}
		kind := ""
		if before == "" && i > 0 {
			kind = words[i-1]
		} else if m := beforeName.FindStringSubmatch(before); m != nil {
			kind = m[1]
		}
		named := kinds.ByResource(kind)
		if len(named) > 0 && !slices.ContainsFunc(named, func(k kinds.Kind) bool { return k.Group == ref.Group && k.Kind == ref.Kind }) {
			return true
		}
	}
	return false
}
