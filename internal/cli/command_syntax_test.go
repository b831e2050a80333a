package cli

import (
	"fmt"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/internal/command"
	"github.com/kubectl-choreo/kubectl-choreo/internal/iostreams"
)

// syntax is that of one verb of another program: its flags, with true for those that take a value, and how many arguments it has.
type syntax struct {
	flags      map[string]bool
	least, max int
}

// syntaxes are those of the verbs that pages use (kubectl v1.36, flux v2.9, occ v1.2.3, argocd v3, git 2.43).
func syntaxes() map[string]syntax {
	all := map[string]syntax{
		"kubectl get": {flags: map[string]bool{
			"-n": true, "-A": false, "-o": true, "-l": true, "-L": true, "--show-labels": false, "--show-managed-fields": false, "--sort-by": true, "--field-selector": true, "--raw": true,
		}, max: 2},
		"kubectl describe":        {flags: map[string]bool{"-n": true, "-l": true}, least: 1, max: 2},
		"kubectl logs":            {flags: map[string]bool{"-n": true, "-c": true, "--tail": true, "--previous": false}, least: 1, max: 1},
		"kubectl events":          {flags: map[string]bool{"-n": true, "--for": true}},
		"kubectl annotate":        {flags: map[string]bool{"-n": true, "-l": true, "--overwrite": false, "--all": false, "--field-manager": true}, least: 2, max: 3},
		"kubectl label":           {flags: map[string]bool{"-n": true, "--overwrite": false}, least: 3, max: 4},
		"kubectl scale":           {flags: map[string]bool{"-n": true, "--replicas": true}, least: 1, max: 2},
		"kubectl edit":            {flags: map[string]bool{"-n": true}, least: 2, max: 2},
		"kubectl delete":          {flags: map[string]bool{"-n": true}, least: 2, max: 2},
		"kubectl create job":      {flags: map[string]bool{"-n": true, "--from": true}, least: 1, max: 1},
		"kubectl rollout restart": {flags: map[string]bool{"-n": true}, least: 1, max: 2},
		"kubectl rollout resume":  {flags: map[string]bool{"-n": true}, least: 1, max: 2},
		"kubectl kustomize":       {least: 1, max: 1},
		"kubectl explain":         {flags: map[string]bool{"--api-version": true}, least: 1, max: 1},
		"kubectl auth whoami":     {},
		"kubectl auth can-i":      {flags: map[string]bool{"-n": true, "--list": false, "--as": true}, max: 2},
		"kubectl config":          {least: 1, max: 1},
		"kubectl api-resources":   {flags: map[string]bool{"--api-group": true}},
		"argocd app":              {least: 2, max: 2},
		// A plugin for kubectl (argo-rollouts v1.9.1 pkg/kubectl-argo-rollouts/cmd).
		"kubectl argo rollouts promote": {flags: map[string]bool{"-n": true}, least: 1, max: 1},
		"kubectl argo rollouts retry":   {flags: map[string]bool{"-n": true}, least: 2, max: 2},
		"git fetch":                     {flags: map[string]bool{"--all": false, "--tags": false}},
		"git log":                       {flags: map[string]bool{"--show-signature": false, "-1": false, "-S": true, "--diff-filter": true, "--name-only": false, "-p": false, "--": false}, max: 1},
		"sops --decrypt":                {least: 1, max: 1},
		"kubeseal --raw":                {flags: map[string]bool{"--scope": true, "--name": true, "--namespace": true, "--from-file": true}},
		"git ls-remote":                 {least: 1, max: 1},
		"occ componentrelease generate": {flags: map[string]bool{
			"--mode": true, "--namespace": true, "--project": true, "--component": true,
		}},
		"occ releasebinding generate": {flags: map[string]bool{
			"--mode": true, "--project": true, "--component": true, "--target-env": true, "--component-release": true,
		}},
		"occ component workflow run": {flags: map[string]bool{"--namespace": true, "--project": true}, least: 1, max: 1},
		"occ workflowrun logs":       {flags: map[string]bool{"--namespace": true}, least: 1, max: 1},
		"flux get kustomizations":    {flags: map[string]bool{"-A": false, "-n": true}},
	}
	for _, kind := range []string{"all", "git"} {
		all["flux get sources "+kind] = syntax{flags: map[string]bool{"-A": false, "-n": true}}
	}
	for _, kind := range []string{"kustomization", "helmrelease", "source git", "source oci", "source helm", "source bucket", "source chart"} {
		all["flux reconcile "+kind] = syntax{flags: map[string]bool{"-n": true}, least: 1, max: 1}
		all["flux resume "+kind] = syntax{flags: map[string]bool{"-n": true}, least: 1, max: 1}
	}
	all["flux reconcile helmrelease"].flags["--reset"], all["flux reconcile helmrelease"].flags["--with-source"] = false, false
	return all
}

// parsed is a command line: its arguments after the verb, and the values of its flags.
type parsed struct {
	args  []string
	flags map[string]string
}

// parse reads a command line as its program does.
func parse(line string) (verb string, p parsed, err error) {
	words := command.Words(line)
	for i, word := range words {
		words[i] = strings.NewReplacer("'", "", `"`, "").Replace(word)
	}
	if len(words) > 1 && words[0] == "kubectl" && words[1] == "choreo" {
		return "kubectl choreo", parsed{}, parseOurs(words[2:])
	}
	for length := min(4, len(words)); length > 1; length-- {
		verb = strings.Join(words[:length], " ")
		if s, known := syntaxes()[verb]; known {
			p, err = s.parse(words[length:])
			return verb, p, err
		}
	}
	return "", parsed{}, fmt.Errorf("no syntax is known of it")
}

func (s syntax) parse(words []string) (parsed, error) {
	p := parsed{flags: map[string]string{}}
	for i := 0; i < len(words); i++ {
		name, value, inline := strings.Cut(words[i], "=")
		takesValue, known := s.flags[name]
		switch {
		case !strings.HasPrefix(words[i], "-"):
			p.args = append(p.args, words[i])
		case !known:
			return p, fmt.Errorf("unknown flag %s", name)
		case takesValue && !inline && i+1 == len(words):
			return p, fmt.Errorf("flag %s has no value", name)
		case takesValue && !inline:
			i++
			p.flags[name] = words[i]
		default:
			p.flags[name] = value
		}
	}
	if len(p.args) < s.least || len(p.args) > s.max {
		return p, fmt.Errorf("%d arguments, want %d to %d", len(p.args), s.least, s.max)
	}
	return p, nil
}

func parseOurs(words []string) error {
	cmd, args, err := newRoot(iostreams.IOStreams{Getenv: func(string) string { return "" }}).Find(words)
	if err != nil {
		return err
	}
	if err := cmd.ParseFlags(args); err != nil {
		return err
	}
	return cmd.ValidateArgs(cmd.Flags().Args())
}
