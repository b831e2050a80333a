package command

import (
	"strings"
	"unicode"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Format is a command line that is safe to paste into a shell, whatever the args are. format is split at its spaces; each
// %s in a word takes the next arg. An arg never becomes a second word, a flag, or code of the shell. The command is "" when
// an arg cannot be a name: nothing is suggested then.
func Format(format string, args ...string) string {
	var words []string
	for _, word := range strings.Fields(format) {
		literal, holes := word, strings.Count(word, "%s")
		if holes > len(args) {
			return ""
		}
		for i, arg := range args[:holes] {
			before, after, _ := strings.Cut(literal, "%s")
			if !pasteable(arg) || (i == 0 && before == "" && strings.HasPrefix(arg, "-")) {
				return ""
			}
			literal = before + arg + after
		}
		args = args[holes:]
		words = append(words, shellQuote(literal))
	}
	return strings.Join(words, " ")
}

// Describe shows an object with its events. Other groups may have a kind of the same name, so the group is given.
func Describe(ref facts.Ref) string {
	kind := kinds.ResourceName(ref.Group, ref.Kind)
	if ref.Namespace == "" {
		return Format("kubectl describe %s %s", kind, ref.Name)
	}
	return Format("kubectl describe %s %s -n %s", kind, ref.Name, ref.Namespace)
}

// pasteable reports whether single quotes make a text harmless in every shell. They do not hold in all of them: fish reads
// \' inside, PowerShell takes a typographic quotation mark for the end, cmd.exe knows no single quotes at all. No name in a
// cluster has any of these characters.
func pasteable(arg string) bool {
	harmless := func(r rune) bool {
		return r <= unicode.MaxASCII && unicode.IsPrint(r) && !strings.ContainsRune(`'"\&|<>^%!`, r)
	}
	// Printers reduce white space, and break up what GitHub's runner would obey.
	changed := strings.Join(strings.Fields(arg), " ") != arg || strings.Contains(arg, "##[")
	return arg != "" && !changed && !strings.ContainsFunc(arg, func(r rune) bool { return !harmless(r) })
}

// shellQuote puts a word into single quotes where a shell would see more in it than a word. zsh expands a leading =.
func shellQuote(word string) string {
	plain := func(r rune) bool {
		return r <= unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-_./:@=,+", r))
	}
	if word != "" && word[0] != '=' && !strings.ContainsFunc(word, func(r rune) bool { return !plain(r) }) {
		return word
	}
	return "'" + word + "'"
}
