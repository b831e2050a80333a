package mask

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// parsed decodes a body as it comes from a cluster.
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

// maskCase is an object, the same with masked values, and the numbers of these.
type maskCase struct {
	reason   string
	in, want string
	masked   []string
}

func checkMasked(t *testing.T, cases map[string]maskCase) {
	t.Helper()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			m := New(false, false)
			in := parsed(t, c.in)
			got, err := m.Body(in)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(parsed(t, c.want), got); diff != "" {
				t.Errorf("%s\nbody(…): -want, +got:\n%s", c.reason, diff)
			}
			if diff := cmp.Diff(c.masked, m.Sentences()); diff != "" {
				t.Errorf("%s\nsentences(): -want, +got:\n%s", c.reason, diff)
			}
			if diff := cmp.Diff(parsed(t, c.in), in); diff != "" {
				t.Errorf("body(…) changed its argument: -want, +got:\n%s", diff)
			}
		})
	}
}

// TestMaskedKinds covers kinds with fields for values of users.
func TestMaskedKinds(t *testing.T) {
	checkMasked(t, map[string]maskCase{
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
		"Application": {
			reason: "Argo CD repeats the source of an Application in its status",
			in: `{apiVersion: argoproj.io/v1alpha1, kind: Application, spec: {source: {chart: redis, helm: {values: "a: x", valuesObject: {a: {b: c}}, parameters: [{name: a.b, value: z}],
			  valueFiles: [prod.yaml], releaseName: cache}}}, status: {history: [{source: {helm: {values: "a: x"}}}]}}`,
			want: `{apiVersion: argoproj.io/v1alpha1, kind: Application, spec: {source: {chart: redis, helm: {values: masked-2, valuesObject: {a: {b: masked-3}}, parameters: [{name: a.b, value: masked-1}],
			  valueFiles: [prod.yaml], releaseName: cache}}}, status: {history: [{source: {helm: {values: masked-2}}}]}}`,
			masked: []string{"Helm values: 4"},
		},
	})
}

// TestMaskedNames covers fields, entries and flags that are named like a credential, in objects of any kind.
func TestMaskedNames(t *testing.T) {
	checkMasked(t, map[string]maskCase{
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
		"EnvironmentMap": {
			reason: "Charts write their environment as a map; envBindings name variables and hold no value",
			in:     `{kind: A, spec: {env: {A: b}, extraEnv: ["C=d"], envBindings: {address: URL}}}`,
			want:   `{kind: A, spec: {env: {A: masked-1}, extraEnv: [masked-2], envBindings: {address: URL}}}`,
			masked: []string{"environment values: 2"},
		},
		"Arguments": {
			reason: "A flag's value may stand behind it, in the same item or in the next",
			in:     `{kind: A, args: [--db-password, hunter2, "--token=abc", --port, "80", "--http-token-file", /t, "sh -c 'x --api-key def'"]}`,
			want:   `{kind: A, args: [--db-password, masked-1, "--token=masked-2", --port, "80", "--http-token-file", /t, "sh -c 'x --api-key masked-3'"]}`,
			masked: []string{"credentials in texts: 3"},
		},
		"Annotations": {
			reason: "Copies of an object as text are masked like the object",
			in:     `{kind: A, metadata: {annotations: {x/original: '{"kind":"Pod","spec":{"env":[{"name":"A","value":"b"}]}}', y: '{"a":1}'}}}`,
			want:   `{kind: A, metadata: {annotations: {x/original: '{"kind":"Pod","spec":{"env":[{"name":"A","value":"masked-1"}]}}', y: '{"a":1}'}}}`,
			masked: []string{"environment values: 1"},
		},
	})
}

// TestMaskedReferences: where a credential is, and which form it has, stays.
func TestMaskedReferences(t *testing.T) {
	checkMasked(t, map[string]maskCase{
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
	})
}
