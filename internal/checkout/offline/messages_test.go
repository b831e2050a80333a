package offline

import (
	"strings"
	"testing"
)

// TestCleanMessage checks that paths are relative to the root of the repository and that the generated kustomization is not
// mentioned.
func TestCleanMessage(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		"accumulating resources: recursed accumulation of path '/checkout/apps': accumulating resources from 'a.yaml': MalformedYAMLError":                       "accumulating resources from 'a.yaml': MalformedYAMLError",
		"accumulating resources: accumulation err='accumulating resources from 'gone': '/checkout/apps/gone' doesn't exist': no":                                 "it names 'gone', which does not exist",
		"file '/checkout/apps/a.yaml' is not in or below '/checkout/base'":                                                                                       "file 'apps/a.yaml' is not in or below 'base'",
		"accumulating resources from '../checkout/a.yaml': no":                                                                                                   "accumulating resources from 'a.yaml': no",
		"unable to find one of 'kustomization.yaml' in directory '/checkout'":                                                                                    "unable to find one of 'kustomization.yaml' in directory '.'",
		"no objects in /kubectl-choreo-12/: no, nor in /kubectl-choreo-3":                                                                                        "no objects in .: no, nor in .",
		"trouble configuring builtin HelmChartInflationGenerator with config: `\nname: a\nvaluesInline:\n  password: hunter2\n`: must specify --enable-helm":     "trouble configuring builtin HelmChartInflationGenerator: helmCharts need --enable-helm, which kustomize-controller does not set (kustomize: must specify --enable-helm)",
		"trouble configuring builtin PatchTransformer with config: `\npatch: hunter2\n`: unable to parse SM or JSON patch from [patch: \"a: \\\"hunter2\\\"]\"]": "trouble configuring builtin PatchTransformer: unable to parse SM or JSON patch from [patch]",
		"unable to parse SM or JSON patch from [path: \"a.yaml\"]":                                                                                               "unable to parse SM or JSON patch from [path: \"a.yaml\"]",
		"loading KV pairs: literal sources [A=hunter2 hunter2]: invalid literal source hunter2, expected key=value":                                              "loading KV pairs: literals: invalid literal, expected key=value",
		"wrong node kind: expected MappingNode but got ScalarNode: node contents:\nhunter2\n":                                                                    "wrong node kind: expected MappingNode but got ScalarNode",
		"trouble configuring builtin PatchTransformer with config: `\npatch: hunter2\n`: must specify one of patch and path in\npatch: hunter2":                  "trouble configuring builtin PatchTransformer: must specify one of patch and path",
		"patch and path can't be set at the same time\npatch: hunter2":                                                                                           "patch and path can't be set at the same time",
		"patch appears to be empty; files=[a.yaml], Patch='hunter2'":                                                                                             "patch appears to be empty",
		"loading JSON patch: decoding [hunter2\nhunter2]: invalid":                                                                                               "loading JSON patch: invalid",
		"wrong Node Kind for spec expected: MappingNode was ScalarNode: value: {hunter2}":                                                                        "wrong Node Kind for spec expected: MappingNode was ScalarNode",
		"invalid utf8 bytes : hunter2":      "invalid utf8 bytes",
		"json: unknown field \"resourcez\"": "json: unknown field \"resourcez\"",
	} {
		if got := CleanMessage(message); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestUnquotedHostileText: a file that repeats the beginning of the message takes no quadratic time.
func TestUnquotedHostileText(t *testing.T) {
	t.Parallel()
	message := strings.Repeat(`accumulateDirectory: "x"`, 1<<17)
	if got := unquoted(message); len(got) > len(message) || got == message {
		t.Errorf("%d bytes of %d", len(got), len(message))
	}
}

// TestUnquoted: the message about a Component is readable, and CleanMessage finds the content of files in it.
func TestUnquoted(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]string{
		`accumulating resources from "a.yaml"`:                                        `accumulating resources from "a.yaml"`,
		`accumulating components: accumulateDirectory: "no 'a.yaml'\nnor \"b\""`:      "accumulating components: no 'a.yaml'\nnor \"b\"",
		`accumulateDirectory: "x: accumulateDirectory: \"no \\\"b\\\"\"": after`:      `x: no "b": after`,
		`accumulating components: loader.New "\"/checkout/gone\" is not a directory"`: `accumulating components: "/checkout/gone" is not a directory`,
		`accumulateDirectory: "cut`:                                                   `accumulateDirectory: "cut`,
		`accumulateDirectory: no "quotes"`:                                            `accumulateDirectory: no "quotes"`,
	} {
		if got := unquoted(message); got != want {
			t.Errorf("%s: %s, want %s", message, got, want)
		}
	}
}
