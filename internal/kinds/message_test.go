package kinds

import (
	"strings"
	"testing"
)

// The messages are those of kustomize-controller and kustomize.
func TestNamedFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		message, file string
		fromRoot      bool
	}{
		"Yaml": {
			"failed to decode Kubernetes YAML from /tmp/kustomization-1376696188/apps/a/workload.yaml: MalformedYAMLError: yaml: line 13: did not find expected ',' or ']'",
			"apps/a/workload.yaml", true,
		},
		"TemporaryFolderOfItsOwn": {"failed to decode Kubernetes YAML from /data/lab/tmp/kustomization-1/workload.yml: x", "workload.yml", true},
		"UnusualName":             {"failed to decode Kubernetes YAML from /tmp/kustomization-1/apps/a@b+c.yaml: x", "apps/a@b+c.yaml", true},
		"BesideTheKustomization": {
			"kustomize build failed: accumulating resources: accumulating resources from 'a.yaml': MalformedYAMLError: yaml: line 1: did not find expected node content in File: a.yaml",
			"a.yaml", false,
		},
		"InANestedOne": {
			"kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'sub': '/tmp/kustomization-12/p/sub' must resolve to a file': recursed accumulation of path '/tmp/kustomization-12/p/sub': accumulating resources: accumulating resources from '../a.yaml': MalformedYAMLError: yaml: line 1: did not find expected node content in File: ../a.yaml",
			"p/a.yaml", true,
		},
		"Missing": {
			"kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'a.yaml': evalsymlink failure on '/tmp/kustomization-12/p/sub/a.yaml' : lstat /tmp/kustomization-12/p/sub/a.yaml: no such file or directory': must build at directory: not a valid directory: evalsymlink failure on '/tmp/kustomization-12/p/sub/a.yaml' : lstat /tmp/kustomization-12/p/sub/a.yaml: no such file or directory",
			"p/sub/a.yaml", true,
		},
		"Twice": {
			"kustomize build failed: accumulating resources: accumulation err='merging resources from 'sub/b.yaml': may not add resource with an already registered id: ConfigMap.v1.[noGrp]/a.[noNs]': must build at directory: '/tmp/kustomization-12/p/sub/b.yaml': file is not directory",
			"p/sub/b.yaml", true,
		},
		"InTheInnermostOfSeveral": {
			"kustomize build failed: accumulating resources: accumulation err='accumulating resources from 'sub': '/tmp/kustomization-12/p/sub' must resolve to a file': recursed accumulation of path '/tmp/kustomization-12/p/sub': accumulating resources: accumulation err='accumulating resources from 'low': '/tmp/kustomization-12/p/sub/low' must resolve to a file': recursed accumulation of path '/tmp/kustomization-12/p/sub/low': accumulating resources: accumulating resources from 'a.yaml': MalformedYAMLError: yaml: line 1: did not find expected node content in File: a.yaml",
			"p/sub/low/a.yaml", true,
		},
		"FolderWithoutAFile": {"kustomize build failed: recursed accumulation of path '/tmp/kustomization-12/p/sub': no objects", "", false},
		"NoFile":             {`kustomize build failed: invalid Kustomization: json: unknown field "resourcez"`, "", false},
	} {
		file, fromRoot := NamedFile(c.message)
		if file != c.file || fromRoot != c.fromRoot {
			t.Errorf("%s: %q, from the root %v; want %q, %v", name, file, fromRoot, c.file, c.fromRoot)
		}
		if said := InRepository(c.message); strings.Contains(said, "/kustomization-") || !strings.Contains(said, "failed") {
			t.Errorf("%s: %q", name, said)
		}
	}
}

func TestNamedObject(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		message string
		object  Reference
		what    string
	}{
		"DryRun":           {"Component/shop/x dry-run failed (Invalid): no", Reference{Kind: "Component", Namespace: "shop", Name: "x"}, "dry-run failed"},
		"WithoutReason":    {"Component/shop/x dry-run failed: failed to create typed patch object", Reference{Kind: "Component", Namespace: "shop", Name: "x"}, "dry-run failed"},
		"ClusterScoped":    {"ClusterTrait/x apply failed: no\nNamespace/shop created", Reference{Kind: "ClusterTrait", Name: "x"}, "apply failed"},
		"NamespaceMissing": {`Component/shop/x not found: namespaces "shop" not found`, Reference{Kind: "Component", Namespace: "shop", Name: "x"}, "not found"},
		"PostBuild": {
			`post build failed for 'Component.v1alpha1.openchoreo.dev/x': envsubst error: variable substitution failed: variable not set (strict mode): "VAR"`,
			Reference{Group: OpenChoreo, Kind: "Component", Name: "x"},
			"post build failed",
		},
		"PostBuildOfCore":   {"post build failed for 'ConfigMap.v1.[noGrp]/x': envsubst error: no", Reference{Kind: "ConfigMap", Name: "x"}, "post build failed"},
		"Decryption":        {"decryption failed for 'Secret.v1.[noGrp]/x': no key", Reference{Kind: "Secret", Name: "x"}, "decryption failed"},
		"NamespaceNotGiven": {"Component/x namespace not specified: the server could not find the requested resource", Reference{Kind: "Component", Name: "x"}, "namespace not specified"},
		"Immutable":         {"Job/shop/x immutable field detected, failed to apply object: no", Reference{Kind: "Job", Namespace: "shop", Name: "x"}, "immutable field detected, failed to apply object"},
		"NameOfRBAC":        {"ClusterRole/system:controller:x apply failed (Forbidden): no", Reference{Kind: "ClusterRole", Name: "system:controller:x"}, "apply failed"},
		"NotAtTheStart":     {"health check failed: Component/shop/x not found: no", Reference{}, ""},
		"None":              {"kustomize build failed: no", Reference{}, ""},
	} {
		if object, what := NamedObject(c.message); object != c.object || what != c.what {
			t.Errorf("%s: %+v %q, want %+v %q", name, object, what, c.object, c.what)
		}
	}
}

// TestInRepository expects paths from the root of the source, for any folder into which the controller unpacks it.
func TestInRepository(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"failed to decode Kubernetes YAML from /tmp/kustomization-12/apps/a.yaml: x ": "failed to decode Kubernetes YAML from apps/a.yaml: x",
		"'/data/tmp/kustomization-1/p/a' and '/data/tmp/kustomization-1/p/b'":         "'p/a' and 'p/b'",
		"kustomization path not found: stat /tmp/kustomization-7/apps: no such file":  "kustomization path not found: stat apps: no such file",
		"/tmp/kustomization-name/apps":                                                "/tmp/kustomization-name/apps",
		"":                                                                            "",
	} {
		if got := InRepository(message); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
