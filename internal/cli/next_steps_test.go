package cli

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/factstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// named are the objects that a command of kubectl names: KIND NAME, KIND/NAME, or the pod of `logs`.
func named(verb string, p parsed) []facts.Ref {
	if !strings.HasPrefix(verb, "kubectl ") || verb == "kubectl auth can-i" || verb == "kubectl create job" {
		return nil
	}
	args := p.args
	if about := p.flags["--for"]; about != "" {
		args = append(args, about)
	}
	var refs []facts.Ref
	for i, arg := range args {
		kind, name, slash := strings.Cut(arg, "/")
		switch {
		case strings.Contains(arg, "="): // a label or an annotation
			continue
		case verb == "kubectl logs" && !slash:
			kind, name = "pods", arg
		case !slash && i == 0 && len(args) > 1 && !strings.Contains(args[1], "=") && !strings.HasSuffix(args[1], "-"):
			name = args[1]
		}
		for _, k := range kinds.ByResource(kind) {
			if name != "" {
				refs = append(refs, facts.Ref{Group: k.Group, Kind: k.Kind, Namespace: p.flags["-n"], Name: name})
			}
		}
	}
	return refs
}

// isController reports whether a page names it as a controller, which is there as OpenChoreo's and Flux's charts install them.
func isController(ref facts.Ref) bool {
	return ref.Kind == "Deployment" && slices.Contains([]string{"openchoreo-control-plane", "openchoreo-data-plane", "flux-system"}, ref.Namespace)
}

// TestNextSteps: each failing or warning finding of each scenario has a command besides `explain` that its program accepts, and that
// names only what the snapshot has, or what the finding misses.
func TestNextSteps(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(scenarioDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			s := factstest.Scenario(t, e.Name())
			for _, f := range findingsOf(assess.Assess(s, s.TakenAt)) {
				if len(f.NextSteps) == 0 && f.Severity != trace.Info {
					t.Errorf("%s about %s has no next command", f.Code, f.Object)
				}
				for _, step := range f.NextSteps {
					verb, p, err := parse(step.Command)
					if err != nil {
						t.Errorf("%s: %s: %v", f.Code, step.Command, err)
					}
					for _, ref := range named(verb, p) {
						if !isKnown(s, f, ref) {
							t.Errorf("%s: %s: %s is neither in the snapshot nor what is missing", f.Code, step.Command, ref)
						}
					}
				}
			}
		})
	}
}

// TestNextStepsNameClusters: with --context and --plane, each printed command that reads a cluster names its context, and each of ours the
// data planes, in flags that it has.
func TestNextStepsNameClusters(t *testing.T) {
	t.Parallel()
	ours := 0
	for _, scenario := range []string{"pod-crash-loop", "environment-absent", "release-stale-not-found", "connection-provider-broken", "rights-missing", "kustomization-behind"} {
		s := factstest.Scenario(t, scenario)
		s.Subject.Contexts = map[facts.Plane]string{facts.Control: "prod", "default": "prod-eu"}
		s.Subject.Planes = []string{"default=prod-eu"}
		for _, f := range findingsOf(assess.Assess(s, s.TakenAt)) {
			for _, step := range f.NextSteps {
				words := command.Words(step.Command)
				verb := words[0] + " " + words[1]
				if step.Plane != "" && (words[0] == "flux" || words[0] == "kubectl" && verb != "kubectl choreo" && verb != "kubectl config") {
					if want := " --context " + s.Subject.Contexts[step.Plane]; !strings.HasSuffix(step.Command, want) {
						t.Errorf("%s: %s does not end with%s", scenario, step.Command, want)
					}
				}
				if verb != "kubectl choreo" {
					continue
				}
				if err := parseOurs(words[2:]); err != nil {
					t.Errorf("%s: %s: %v", scenario, step.Command, err)
				}
				if words[2] == "reconcile" || words[2] == "trace" || words[2] == "verify" {
					ours++
					if want := " --context prod --plane default=prod-eu"; !strings.HasSuffix(step.Command, want) {
						t.Errorf("%s: %s does not end with%s", scenario, step.Command, want)
					}
				}
			}
		}
	}
	if ours == 0 {
		t.Error("no command of ours was seen")
	}
}

// TestOwnCommandsTakeClusters: each command of ours on a page that reads a cluster has the flags that name clusters.
func TestOwnCommandsTakeClusters(t *testing.T) {
	t.Parallel()
	for _, code := range findings.Codes() {
		for _, step := range findings.Steps(trace.Code(code)) {
			words := command.Words(step.Command)
			if words[0] != "kubectl" || words[1] != "choreo" || slices.Contains([]string{"lint", "explain", "rbac", "config"}, words[2]) {
				continue
			}
			for i, word := range words {
				words[i] = strings.Trim(word, `"'`)
			}
			flags := []string{"--context", "prod"}
			if words[2] != "version" { // which reads no data plane
				flags = append(flags, "--plane", "eu=prod-eu")
			}
			if err := parseOurs(append(words[2:], flags...)); err != nil {
				t.Errorf("%s: %s: %v", code, step.Command, err)
			}
		}
	}
}

func isKnown(s *facts.Snapshot, f trace.Finding, ref facts.Ref) bool {
	isIt := func(other facts.Ref) bool {
		other.Plane = ""
		return other == ref
	}
	if isController(ref) || isIt(f.Object) || slices.ContainsFunc(f.Path, isIt) {
		return true
	}
	return slices.ContainsFunc(s.Objects(), func(o facts.Object) bool {
		return isIt(o.Ref) || ref.Kind == "Node" && kinds.Text(o.Body, "spec", "nodeName") == ref.Name
	})
}

// findingsOf are all findings of a trace.
func findingsOf(t *trace.Trace) []trace.Finding {
	var all []trace.Finding
	for _, r := range t.Rungs {
		all = append(all, r.Findings...)
	}
	for _, e := range t.Environments {
		for _, r := range e.Rungs {
			all = append(all, r.Findings...)
		}
	}
	return all
}
