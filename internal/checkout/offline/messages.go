package offline

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// absentEntry matches one of the three messages with which kustomize reports an entry that is no file, no folder and no URL.
var absentEntry = regexp.MustCompile(`accumulating resources from '([^']+)': '[^']+' doesn't exist`)

var ownFolder = regexp.MustCompile(`/kubectl-choreo-\d+/?`)

// content lists where messages of kustomize contain text of files, which may be a secret: the values of a chart, a patch, a literal
// of a generator.
var content = []struct {
	message *regexp.Regexp
	without string
}{
	{regexp.MustCompile("(?s) with config: `\n.*\n?`: "), ": "},                                                                   // internal/target/kusttarget.go:configureBuiltinPlugin
	{regexp.MustCompile(`(?s)(must specify one of patch and path|patch and path can't be set at the same time)( in)?\n.*`), "$1"}, // internal/builtins/PatchTransformer.go
	{regexp.MustCompile(`\[patch: "(?:[^"\\]|\\.)*"\]`), "[patch]"},                                                               // internal/builtins/PatchTransformer.go
	{regexp.MustCompile(`(?s)(patch appears to be empty); files?=.*`), "$1"},                                                      // internal/builtins/PatchStrategicMergeTransformer.go, PatchJson6902Transformer.go
	{regexp.MustCompile(`(?s)decoding \[.*\]: `), ""},                                                                             // internal/builtins/PatchJson6902Transformer.go
	{regexp.MustCompile(`(?s)(wrong [Nn]ode [Kk]ind[^{]*?):? (value: \{|node contents:\n).*`), "$1"},                              // kyaml yaml/fns.go:ErrorIfInvalid
	{regexp.MustCompile(`(?s)invalid literal source .*, expected key=value`), "invalid literal, expected key=value"},              // kv/kv.go:parseLiteralSource
	{regexp.MustCompile(`(?s)literal sources \[.*\]: `), "literals: "},                                                            // kv/kv.go:Load
	{regexp.MustCompile(`(?s)(invalid utf8 bytes) : .*`), "$1"},                                                                   // kv/kv.go:keyValuesFromLine
}

// quotedMessage is the beginning of the message about a Component (kustomize api/internal/target/kusttarget.go:accumulateComponents).
var quotedMessage = regexp.MustCompile(`(accumulateDirectory: |loader\.New )"`)

// maxQuoted is how many Components around each other are followed.
const maxQuoted = 100

// unquoted returns the message about a Component in the form of other messages. Kustomize quotes it, once for each Component around it.
func unquoted(message string) string {
	for range maxQuoted {
		at := quotedMessage.FindStringIndex(message)
		if at == nil {
			return message
		}
		quoted, err := strconv.QuotedPrefix(message[at[1]-1:])
		if err != nil {
			return message
		}
		plain, _ := strconv.Unquote(quoted) // it is a quoted text
		message = message[:at[0]] + plain + message[at[1]-1+len(quoted):]
	}
	return message
}

// CleanMessage removes the in-memory paths from a message of kustomize, the generated kustomization, which is the outermost, and the
// content of files.
func CleanMessage(message string) string {
	for _, c := range content {
		message = c.message.ReplaceAllString(message, c.without)
	}
	message = strings.ReplaceAll(message, "must specify --enable-helm", "helmCharts need --enable-helm, which kustomize-controller does not set (kustomize: must specify --enable-helm)")
	if _, rest, found := strings.Cut(message, "recursed accumulation of path '"); found {
		_, message, _ = strings.Cut(rest, "': ")
	}
	if m := absentEntry.FindStringSubmatch(message); m != nil {
		return fmt.Sprintf("it names '%s', which does not exist", m[1])
	}
	message = strings.ReplaceAll(message, ".."+Root+"/", "")
	message = strings.ReplaceAll(message, Root+"/", "")
	message = strings.ReplaceAll(message, Root, ".")
	return ownFolder.ReplaceAllString(message, ".")
}
