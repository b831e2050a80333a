package checkout

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOutside: paths begin at the root of the repository, and the kustomization of our own around a folder is nobody's business.
func TestOutside(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"accumulating resources: recursed accumulation of path '/checkout/apps': accumulating resources from 'a.yaml': MalformedYAMLError": "accumulating resources from 'a.yaml': MalformedYAMLError",
		"accumulating resources: accumulation err='accumulating resources from 'gone': '/checkout/apps/gone' doesn't exist': no":           "it names 'gone', which is not there",
		"file '/checkout/apps/a.yaml' is not in or below '/checkout/base'":                                                                 "file 'apps/a.yaml' is not in or below 'base'",
		"accumulating resources from '../checkout/a.yaml': no":                                                                             "accumulating resources from 'a.yaml': no",
		"unable to find one of 'kustomization.yaml' in directory '/checkout'":                                                              "unable to find one of 'kustomization.yaml' in directory '.'",
		"no objects in /kubectl-choreo-12/: no, nor in /kubectl-choreo-3":                                                                  "no objects in .: no, nor in .",
		"json: unknown field \"resourcez\"":                                                                                                "json: unknown field \"resourcez\"",
	} {
		if got := outside(message); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestProblemMessages: each problem says what is wrong with which Kustomization, and where to look.
func TestProblemMessages(t *testing.T) {
	t.Parallel()
	const noObject = "a document without kind, apiVersion or metadata.name: every file below the path must hold Kubernetes objects"
	for name, c := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"NoPath":             {map[string]string{"f.yaml": ks("k", "./gone/", "") + "---\n" + source("https://x.example/y")}, []string{"f.yaml:4 k: spec.path ./gone/ is no folder of this repository"}},
		"PathWithAVariable":  {map[string]string{"f.yaml": ks("k", "'./gone/${CLUSTER}'", "") + "---\n" + source("https://x.example/y")}, nil},
		"NoObject":           {map[string]string{"f.yaml": ks("k", "./a", ""), "a/values.yaml": "# values\nreplicas: 1\n---\n- a\n"}, []string{"a/values.yaml:2 k: " + noObject, "a/values.yaml:4 k: " + noObject}},
		"NoObjectButIgnored": {map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": "configMapGenerator: [{name: g, files: [values.yaml]}]\n", "a/values.yaml": "replicas: 1\n"}, nil},
		"EntryMissing":       {map[string]string{"f.yaml": ks("k", "./a", ""), "a/kustomization.yaml": "# gone.yaml\n" + kustomization("gone.yaml")}, []string{"a/kustomization.yaml:3 k: it names 'gone.yaml', which is not there"}},
	} {
		var got []string
		for _, p := range load(t, c.files).Problems {
			got = append(got, fmt.Sprintf("%s:%d %s: %s", p.Place.File, p.Place.Line, p.Object.Name, p.Message))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}
