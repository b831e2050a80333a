package command

import (
	"regexp"
	"strings"
)

// placeholder is a word in upper case; HEAD is a name of Git's.
var placeholder = regexp.MustCompile(`\b[A-Z][A-Z_]+\b`)

// Placeholders are those of a line.
func Placeholders(line string) []string {
	var all []string
	for _, word := range placeholder.FindAllString(line, -1) {
		if word != "HEAD" {
			all = append(all, word)
		}
	}
	return all
}

// Fill replaces the placeholders of a line of ours, such as POD in `kubectl logs POD`, by their values. As with Format, a value
// never becomes a second word, a flag, or code of the shell. The result is "" where a value is not known or cannot be a name.
func Fill(line string, values map[string]string) string {
	words := Words(line)
	for i, word := range words {
		filled, ok := fillWord(word, values)
		if !ok {
			return ""
		}
		words[i] = filled
	}
	return strings.Join(words, " ")
}

func fillWord(word string, values map[string]string) (string, bool) {
	ok := true
	filled := placeholder.ReplaceAllStringFunc(word, func(name string) string {
		if name == "HEAD" {
			return name
		}
		value := values[name]
		ok = ok && pasteable(value) && (!strings.HasPrefix(word, name) || !strings.HasPrefix(value, "-"))
		return value
	})
	if strings.ContainsAny(word, `'"`) { // quoted already, and a value that needs quotes would end them
		for _, name := range Placeholders(word) {
			ok = ok && shellQuote(values[name]) == values[name]
		}
		return filled, ok
	}
	return shellQuote(filled), ok
}

// Words are those of a line of ours, with their quotes. Spaces within quotes do not divide it.
func Words(line string) []string {
	var words []string
	var quote rune
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	for _, r := range line {
		switch {
		case quote == 0 && r == ' ':
			end()
			continue
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case r == quote:
			quote = 0
		}
		word.WriteRune(r)
	}
	end()
	return words
}
