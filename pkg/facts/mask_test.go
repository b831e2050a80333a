package facts

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// parsed is a body as a cluster would return it.
func parsed(t *testing.T, text string) map[string]any {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	u := &unstructured.Unstructured{}
	if err := u.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	return u.Object
}

func TestMaskBody(t *testing.T) {
	cases := map[string]struct {
		reason   string
		in, want string
		masked   []string
	}{
		"Pod": {
			reason: "Values of Kubernetes' environment variables go, names and references stay; equal values stay equal",
			in: `{apiVersion: v1, kind: Pod, spec: {containers: [{name: main, image: "a:1", env: [{name: A, value: one}, {name: B, value: two}, {name: C, value: ""},
			  {name: D, valueFrom: {secretKeyRef: {name: db, key: password}}}]}], initContainers: [{name: init, env: [{name: Z, value: one}]}]}}`,
			want: `{apiVersion: v1, kind: Pod, spec: {containers: [{name: main, image: "a:1", env: [{name: A, value: masked-1}, {name: B, value: masked-2}, {name: C, value: ""},
			  {name: D, valueFrom: {secretKeyRef: {name: db, key: password}}}]}], initContainers: [{name: init, env: [{name: Z, value: masked-1}]}]}}`,
			masked: []string{"environment values: 3"},
		},
		"ReleaseBinding": {
			reason: "Overrides are values; environment configurations are settings with a schema, and stay",
			in: `{apiVersion: openchoreo.dev/v1alpha1, kind: ReleaseBinding, spec: {releaseName: a-1, componentTypeEnvironmentConfigs: {replicas: 2, logLevel: debug},
			  workloadOverrides: {container: {env: [{key: A, value: one}], files: [{key: f, mountPath: /f, value: text}, {key: g, valueFrom: {secretKeyRef: {name: ref, key: k}}}]}}}}`,
			want: `{apiVersion: openchoreo.dev/v1alpha1, kind: ReleaseBinding, spec: {releaseName: a-1, componentTypeEnvironmentConfigs: {replicas: 2, logLevel: debug},
			  workloadOverrides: {container: {env: [{key: A, value: masked-1}], files: [{key: f, mountPath: /f, value: masked-2}, {key: g, valueFrom: {secretKeyRef: {name: ref, key: k}}}]}}}}`,
			masked: []string{"environment values: 1", "file contents: 1"},
		},
		"RenderedRelease": {
			reason: "Objects in objects are masked like those that stand alone; data stays base64, and is the same value as in stringData",
			in: `{apiVersion: openchoreo.dev/v1alpha1, kind: RenderedRelease, spec: {resources: [
			  {id: a, object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: hunter2}, binaryData: {b: aHVudGVyMg==}}},
			  {id: b, object: {apiVersion: v1, kind: Secret, type: Opaque, data: {k: aHVudGVyMg==}, stringData: {l: hunter2, m: other}}},
			  {id: c, object: {apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{env: [{name: A, value: other}]}]}}}}}]}}`,
			want: `{apiVersion: openchoreo.dev/v1alpha1, kind: RenderedRelease, spec: {resources: [
			  {id: a, object: {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {k: masked-1}, binaryData: {b: bWFza2VkLTE=}}},
			  {id: b, object: {apiVersion: v1, kind: Secret, type: Opaque, data: {k: bWFza2VkLTE=}, stringData: {l: masked-1, m: masked-2}}},
			  {id: c, object: {apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{env: [{name: A, value: masked-2}]}]}}}}}]}}`,
			masked: []string{"environment values: 1", "ConfigMap data: 2", "Secret data: 3"},
		},
		"Kustomization": {
			reason: "Substitutes and patches hold values, a kubeConfig reference does not",
			in: `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, spec: {path: ./a, kubeConfig: {secretRef: {name: remote, key: value}},
			  postBuild: {substitute: {region: eu, pin: 42}, substituteFrom: [{kind: Secret, name: vars}]}, patches: [{patch: "- op: add", target: {kind: Pod}}],
			  decryption: {provider: sops, secretRef: {name: age}}}, status: {inventory: {entries: [{id: a_b__Secret, v: v1}]}}}`,
			want: `{apiVersion: kustomize.toolkit.fluxcd.io/v1, kind: Kustomization, spec: {path: ./a, kubeConfig: {secretRef: {name: remote, key: value}},
			  postBuild: {substitute: {region: masked-3, pin: masked-2}, substituteFrom: [{kind: Secret, name: vars}]}, patches: [{patch: masked-1, target: {kind: Pod}}],
			  decryption: {provider: sops, secretRef: {name: age}}}, status: {inventory: {entries: [{id: a_b__Secret, v: v1}]}}}`,
			masked: []string{"substitutions of Kustomizations: 2", "patches of Kustomizations: 1"},
		},
		"HelmRelease": {
			reason: "Any Helm value may be a password, but not a truth value",
			in:     `{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, spec: {chart: {spec: {version: 1.2.3}}, values: {a: {b: [x, 7, true]}}, valuesFrom: [{kind: Secret, name: v}]}}`,
			want:   `{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, spec: {chart: {spec: {version: 1.2.3}}, values: {a: {b: [masked-1, masked-2, true]}}, valuesFrom: [{kind: Secret, name: v}]}}`,
			masked: []string{"Helm values: 2"},
		},
		"CredentialNames": {
			reason: "A key that is named like a credential hides its value; one that says where the credential is, or for how long, does not",
			in: `{kind: Component, spec: {parameters: {dbPassword: p, api-key: k, PRIVATE_KEY: r, tokens: [t, u], credentials: {user: me, pin: 1, password: 12345}, maxTokens: 5, tokenTTL: 5m,
			  secretName: s, passwordSecretRef: {name: ref, key: k}, secretPath: /etc, replicas: 3}, secretRef: git-token}}`,
			want: `{kind: Component, spec: {parameters: {dbPassword: masked-5, api-key: masked-2, PRIVATE_KEY: masked-1, tokens: [masked-6, masked-7], credentials: {user: masked-4, pin: 1, password: masked-3}, maxTokens: 5, tokenTTL: 5m,
			  secretName: s, passwordSecretRef: {name: ref, key: k}, secretPath: /etc, replicas: 3}, secretRef: git-token}}`,
			masked: []string{"fields named like credentials: 7"},
		},
		"CredentialEntries": {
			reason: "An HTTP header is known by its name",
			in:     `{kind: HTTPRoute, spec: {set: [{name: Authorization, value: abc}, {name: X-Api-Key, value: def}, {name: Accept, value: json}]}}`,
			want:   `{kind: HTTPRoute, spec: {set: [{name: Authorization, value: masked-1}, {name: X-Api-Key, value: masked-2}, {name: Accept, value: json}]}}`,
			masked: []string{"fields named like credentials: 2"},
		},
		"Volumes": {
			reason: "A pod says much about Secrets and nothing of what is in them; a trace needs all of it",
			in: `{apiVersion: v1, kind: Pod, spec: {automountServiceAccountToken: false, imagePullSecrets: [{name: regcred}], volumes: [{name: a, secret: {secretName: s, defaultMode: 420, items: [{key: k, path: p}]}},
			  {name: b, projected: {sources: [{serviceAccountToken: {audience: x, expirationSeconds: 3607, path: token}}, {secret: {name: s, optional: true}}]}}]}}`,
			want: `{apiVersion: v1, kind: Pod, spec: {automountServiceAccountToken: false, imagePullSecrets: [{name: regcred}], volumes: [{name: a, secret: {secretName: s, defaultMode: 420, items: [{key: k, path: p}]}},
			  {name: b, projected: {sources: [{serviceAccountToken: {audience: x, expirationSeconds: 3607, path: token}}, {secret: {name: s, optional: true}}]}}]}}`,
		},
		"SecretReferences": {
			reason: "What points to an external store is no secret; what an ExternalSecret templates is",
			in: `{kind: ExternalSecret, spec: {secretStoreRef: {kind: ClusterSecretStore, name: vault}, data: [{secretKey: password, remoteRef: {key: a/b, property: token}}],
			  target: {name: x, template: {type: Opaque, data: {url: "x://{{ .u }}"}}}}, status: {secretReferenceNames: [a]}}`,
			want: `{kind: ExternalSecret, spec: {secretStoreRef: {kind: ClusterSecretStore, name: vault}, data: [{secretKey: password, remoteRef: {key: a/b, property: token}}],
			  target: {name: x, template: {type: Opaque, data: {url: masked-1}}}}, status: {secretReferenceNames: [a]}}`,
			masked: []string{"Secret data: 1"},
		},
		"ComponentType": {
			reason: "Schemas and templates describe values; only their defaults are some",
			in: `{kind: ComponentType, spec: {schema: {properties: {env: {type: array, minItems: 1}, password: {type: string, description: the key, default: changeme}}},
			  resources: [{template: {spec: {containers: "${x}", env: "${configurations.toEnv()}"}}}], patches: [{op: add, path: "/spec/containers/0/env/-", value: {name: A, value: b}}]}}`,
			want: `{kind: ComponentType, spec: {schema: {properties: {env: {type: array, minItems: 1}, password: {type: string, description: the key, default: masked-2}}},
			  resources: [{template: {spec: {containers: "${x}", env: "${configurations.toEnv()}"}}}], patches: [{op: add, path: "/spec/containers/0/env/-", value: {name: A, value: masked-1}}]}}`,
			masked: []string{"environment values: 1", "fields named like credentials: 1"},
		},
		"EnvironmentMap": {
			reason: "Charts write their environment as a map; envBindings name variables and hold no value",
			in:     `{kind: A, spec: {env: {A: b}, extraEnv: ["C=d"], envBindings: {address: URL}}}`,
			want:   `{kind: A, spec: {env: {A: masked-1}, extraEnv: [masked-2], envBindings: {address: URL}}}`,
			masked: []string{"environment values: 2"},
		},
		"Arguments": {
			reason: "A flag's value may stand behind it, in the same item or in the next",
			in:     `{kind: A, args: [--db-password, hunter2, "--token=abc", --port, "80", "--token-file", /t, "sh -c 'x --api-key def'"]}`,
			want:   `{kind: A, args: [--db-password, masked-1, "--token=masked-2", --port, "80", "--token-file", /t, "sh -c 'x --api-key masked-3'"]}`,
			masked: []string{"credentials in texts: 3"},
		},
		"Annotations": {
			reason: "Copies of an object as text are masked like the object",
			in:     `{kind: A, metadata: {annotations: {x/original: '{"kind":"Pod","spec":{"env":[{"name":"A","value":"b"}]}}', y: '{"a":1}'}}}`,
			want:   `{kind: A, metadata: {annotations: {x/original: '{"kind":"Pod","spec":{"env":[{"name":"A","value":"masked-1"}]}}', y: '{"a":1}'}}}`,
			masked: []string{"environment values: 1"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m := newMasker(false, false)
			in := parsed(t, tc.in)
			got, err := m.body(in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(parsed(t, tc.want), got); diff != "" {
				t.Errorf("%s\nbody(…): -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.masked, m.sentences()); diff != "" {
				t.Errorf("%s\nsentences(): -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(parsed(t, tc.in), in); diff != "" {
				t.Errorf("body(…) changed its argument: -want, +got:\n%s", diff)
			}
		})
	}
}

func TestMaskText(t *testing.T) {
	const jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl"
	long := strings.Repeat("A1b2", 2000)
	cases := map[string]struct{ in, want string }{
		"URL":             {"cannot clone https://me:p@ss@git.example/a.git: 401", "cannot clone https://***@git.example/a.git: 401"},
		"URLToken":        {"https://ghp_x@git.example/a", "https://***@git.example/a"},
		"URLSlash":        {"postgres://u:a/b?c#d@db:5432/x", "postgres://***@db:5432/x"},
		"URLTwice":        {"http://a:b@c http://d:e@f", "http://***@c http://***@f"},
		"URLPlain":        {"https://git.example:8443/@scope/a?ref=main", "https://git.example:8443/@scope/a?ref=main"},
		"SSH":             {"ssh://git@git.example/a, git@git.example:a", "ssh://git@git.example/a, git@git.example:a"},
		"SSHPassword":     {"ssh://git:pw@git.example/a", "ssh://***@git.example/a"},
		"Digest":          {"docker-pullable://nginx@sha256:ab12 oci://r:5000/i@sha256:cd", "docker-pullable://nginx@sha256:ab12 oci://r:5000/i@sha256:cd"},
		"MySQL":           {"root:pw@tcp(db:3306)/x", "root:***@tcp(db:3306)/x"},
		"Query":           {"https://s3/a?X-Amz-Signature=ab12&b=c&access_token=d#e", "https://s3/a?X-Amz-Signature=***&b=c&access_token=***#e"},
		"QueryPlain":      {"https://a/b?page=2&design=x&keyword=z", "https://a/b?page=2&design=x&keyword=z"},
		"Header":          {"Authorization: Basic YWJj", "Authorization: Basic masked-1"},
		"HeaderJSON":      {`{\"Authorization\":\"Bearer abc\"}`, `{\"Authorization\":\"Bearer masked-1\"}`},
		"RBAC":            {"authorization: RBAC: access denied", "authorization: RBAC: access denied"},
		"Bearer":          {"sent bearer abcdef123456 twice: bearer abcdef123456", "sent bearer masked-1 twice: bearer masked-1"},
		"Words":           {"basic authentication failed, bearer authorization required", "basic authentication failed, bearer authorization required"},
		"JWT":             {"got " + jwt + ".", "got masked-1."},
		"GitHub":          {"ghp_0123456789abcdefghij", "masked-1"},
		"Assignment":      {"Server=db;Password=a b;User=c", "Server=db;Password=masked-1 b;User=c"},
		"AssignmentQuote": {`DB_PASSWORD="a b" next`, `DB_PASSWORD="masked-1" next`},
		"Comparison":      {"token=='' || secret == x", "token=='' || secret == x"},
		"JSON":            {`sent {"clientSecret": "a\"b", "n": 1} to`, `sent {"clientSecret": "masked-1", "n": 1} to`},
		"JSONEscaped":     {`msg="{\"password\":\"a\"}"`, `msg="{\"password\":\"masked-1\"}"`},
		"JSONWhole":       {`{"token":"a","env":[{"name":"B","value":"c"}],"n":12345678901234567}`, `{"env":[{"name":"B","value":"masked-1"}],"n":12345678901234567,"token":"masked-2"}`},
		"YAML":            {"user: a\n  password: 'b c'\n- client-key-data: d\n", "user: a\n  password: 'masked-1'\n- client-key-data: masked-2\n"},
		"Sentence":        {"error: invalid token: EOF", "error: invalid token: EOF"},
		"FieldError":      {`spec.containers[0].env[0].value: Invalid value: "a\"b": too long`, `spec.containers[0].env[0].value: Invalid value: "masked-1": too long`},
		"DataError":       {`data[k]: Invalid value: "x": y; .data[k]: Invalid value: "z"`, `data[k]: Invalid value: "x": y; .data[k]: Invalid value: "masked-1"`},
		"ImageError":      {`spec.image: Invalid value: "a b": y`, `spec.image: Invalid value: "a b": y`},
		"TypeError":       {`.env[name="P"].value: expected string, got &value.valueUnstructured{Value:5432}`, `.env[name="P"].value: expected string, got &value.valueUnstructured{Value:masked-1}`},
		"PEM":             {"a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- b", "a masked-1 b"},
		"PEMCut":          {"-----BEGIN PRIVATE KEY-----\\nMII", "masked-1"},
		"Certificate":     {"-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"},
		"Long":            {"token=" + long + " end", "token=masked-1 end"},
		"Plain":           {`namespaces "dp-a" not found; secret "db-secret" not found, masked-7`, `namespaces "dp-a" not found; secret "db-secret" not found, masked-7`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, newMasker(false, false).text(tc.in)); diff != "" {
				t.Errorf("text(%q): -want, +got:\n%s", tc.in, diff)
			}
			if got := newMasker(true, false).text(tc.in); got != tc.in {
				t.Errorf("text(%q) with values: want it unchanged, got %q", tc.in, got)
			}
			if got := newMasker(false, true).text(tc.want); name != "Plain" && got != tc.want {
				t.Errorf("text of a text that is masked already: want %q, got %q", tc.want, got)
			}
		})
	}
}

func TestMaskLines(t *testing.T) {
	in := []string{
		"MIIEvQIBADANBgkqhkiG9w0BAQEF", "-----END PRIVATE KEY-----", "token=a", "-----BEGIN PRIVATE KEY-----", "MII", "-----END PRIVATE KEY-----",
		"", `{"password":"a"}`,
	}
	want := []string{"masked-1", "token=masked-2", "masked-3", "", `{"password":"masked-2"}`}
	if diff := cmp.Diff(want, newMasker(false, false).lines(in)); diff != "" {
		t.Errorf("lines(…): -want, +got:\n%s", diff)
	}
}

// TestMaskingKeepsComparisons: what a judgement compares must come out the same from a masked file.
func TestMaskingKeepsComparisons(t *testing.T) {
	s := New(Subject{Component: "a"}, takenAt)
	workload := put(t, s, `{apiVersion: openchoreo.dev/v1alpha1, kind: Workload, metadata: {name: a}, spec: {container: {image: i, env: [{key: A, value: b}], args: ["--token=x"]}}}`)
	same := put(t, s, `{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, metadata: {name: a-1}, spec: {workload: {container: {image: i, env: [{key: A, value: b}], args: ["--token=x"]}}}}`)
	other := put(t, s, `{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, metadata: {name: a-2}, spec: {workload: {container: {image: i, env: [{key: A, value: c}], args: ["--token=x"]}}}}`)
	third := put(t, s, `{apiVersion: openchoreo.dev/v1alpha1, kind: ComponentRelease, metadata: {name: a-3}, spec: {workload: {container: {image: i, env: [{key: A, value: b}], args: ["--token=y"]}}}}`)

	got := read(t, write(t, s, WriteOptions{}))
	container := func(ref Ref, path ...string) any {
		v, _, _ := unstructured.NestedFieldNoCopy(got.Object(ref).Body.Object, append(path, "container")...)
		return v
	}
	for ref, want := range map[Ref]bool{same: true, other: false, third: false} {
		if equal := cmp.Equal(container(workload, "spec"), container(ref, "spec", "workload")); equal != want {
			t.Errorf("%s equals the workload: want %t, got %t", ref, want, equal)
		}
	}
}

// TestMaskAgain: a masked file that is read and written again stays what it is, in any mixture of values.
func TestMaskAgain(t *testing.T) {
	s := New(Subject{Component: "a"}, takenAt)
	s.Wanted = Revision{Text: "main", Reason: "cannot ask https://u:p@h: bearer abcdef123456"}
	put(t, s, `{apiVersion: v1, kind: Pod, metadata: {name: a, annotations: {z: '{"token":"t","a":{"secret":"s"}}'}},
	  status: {message: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln password=q"}, spec: {env: [{name: A, value: t}, {name: B, value: ""}]}}`)
	put(t, s, `{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {k: c2VjcmV0, l: dA==}}`)
	s.PutLog(Log{Query: LogQuery{Pod: Ref{Plane: Control, Kind: "Pod", Name: "a"}, Container: "c"}, Outcome: Found, Lines: []string{"-----BEGIN PRIVATE KEY-----", "x"}})
	for name, o := range map[string]WriteOptions{"WithoutLogs": {}, "WithLogs": {Logs: true}} {
		t.Run(name, func(t *testing.T) {
			first := write(t, s, o)
			if strings.Contains(first, "c2VjcmV0") || strings.Contains(first, "eyJ") {
				t.Errorf("not masked:\n%s", first)
			}
			if diff := cmp.Diff(first, write(t, read(t, first), o)); diff != "" {
				t.Errorf("Write(Read(file)): -file, +again:\n%s", diff)
			}
		})
	}
}

func TestCoreSecretIsAlwaysMasked(t *testing.T) {
	s := New(Subject{Component: "a"}, takenAt)
	put(t, s, `{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {k: c2VjcmV0}}`)
	if file := write(t, s, WriteOptions{IncludeValues: true}); strings.Contains(file, "c2VjcmV0") || !strings.Contains(file, "Secret data: 1") {
		t.Errorf("Write with values let a Secret out:\n%s", file)
	}
}

// TestMaskTime: a hostile text must not take quadratic time. Ten times the text may take ten times as long, and some
// noise; a hundred times as long is quadratic.
func TestMaskTime(t *testing.T) {
	for _, unit := range []string{"://", "://a@ ", ":", "&token", "token", "bearer ", "-----BEGIN ", "[", "{\"a\":", "eyJaaaaa.", "--a"} {
		small, large := maskTime(unit, 10_000), maskTime(unit, 100_000)
		if large > 40*small+500*time.Millisecond {
			t.Errorf("%q: 10 KB take %v, 100 KB take %v", unit, small, large)
		}
	}
}

func maskTime(unit string, size int) time.Duration {
	text := string(bytes.Repeat([]byte(unit), size/len(unit)))
	begin := time.Now() //nolint:forbidigo // the time that it takes is what is tested
	newMasker(false, false).text(text)
	return time.Since(begin) //nolint:forbidigo // as above
}
