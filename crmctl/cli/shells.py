"""What click's completion lacks: PowerShell, which old versions of it do not know, and words with = in bash.

Registered by being imported, which a shell's question and `crmctl completion` do.
"""

from __future__ import annotations

import os
from typing import Any

from click import shell_completion
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, split_arg_string

SHELLS = ("bash", "zsh", "fish", "powershell")
TO_THE_END = "end"
"""What bash says instead of the number of a word: the words end at the cursor."""

# bash breaks words at = and : and takes a completion for what stands after the last of them. So it hands over the
# line as it was typed, and cuts from each answer what stands before its own idea of the word.
_BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' line="${COMP_LINE:0:COMP_POINT}" word="${COMP_WORDS[COMP_CWORD]}"
    local whole="${line##*[[:space:]]}" answer type value
    [[ $word == [=:] ]] && word=""
    COMPREPLY=()
    for answer in $(env COMP_WORDS="$line" COMP_CWORD=end %(complete_var)s=bash_complete "$1"); do
        type="${answer%%%%,*}" value="${answer#*,}"
        if [[ $type == dir ]]; then
            compopt -o dirnames
        elif [[ $type == file ]]; then
            compopt -o default
        else
            COMPREPLY+=("${value#"${whole%%"$word"}"}")
        fi
    done
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]]; then
        compopt -o nospace
    fi
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

# A native completer is given the parsed line. The words before the cursor go out one a line, without their quotes;
# the answers come back one a line, as UTF-8 whatever the console speaks. Where there are none, as for files,
# PowerShell offers files.
_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object {
            if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
                $_.Value -replace '\\r?\\n', ' '
            } else {
                $_.Extent.Text -replace '\\r?\\n', ' '
            }
        })
    $before = $env:COMP_WORDS, $env:COMP_CWORD, $env:%(complete_var)s
    $encoding = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = [System.Text.UTF8Encoding]::new($false)
        $env:COMP_WORDS = ($words + $wordToComplete.Trim("'`"")) -join "`n"
        $env:COMP_CWORD = $words.Count
        $env:%(complete_var)s = 'powershell_complete'
        $answers = @(& %(prog_name)s)
    } finally {
        $env:COMP_WORDS = $before[0]
        $env:COMP_CWORD = $before[1]
        $env:%(complete_var)s = $before[2]
        [Console]::OutputEncoding = $encoding
    }
    foreach ($answer in $answers) {
        $value, $tip = $answer -split "`t", 2
        if (-not $value) { continue }
        if (-not $tip) { $tip = $value }
        $typed = $value
        if ($value -notmatch '^[\\w=./:+-]+$') { $typed = "'" + $value.Replace("'", "''") + "'" }
        [System.Management.Automation.CompletionResult]::new($typed, $value, 'ParameterValue', $tip)
    }
}
"""


@add_completion_class
class BashComplete(shell_completion.BashComplete):
    """Completion for bash of words that have a = in them."""

    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one under the cursor, and that one."""
        if os.environ["COMP_CWORD"] != TO_THE_END:
            return super().get_completion_args()
        line = os.environ["COMP_WORDS"]
        words = split_arg_string(line)[1:]
        return (words, "") if line[-1:].isspace() or not words else (words[:-1], words[-1])


@add_completion_class
class PowerShellComplete(ShellComplete):
    """Completion for PowerShell, with titles as tool tips."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one under the cursor, and that one."""
        words = os.environ["COMP_WORDS"].split("\n")
        at = int(os.environ["COMP_CWORD"])
        return words[1:at], words[at] if at < len(words) else ""

    def format_completion(self, item: CompletionItem[Any]) -> str:
        """Return a line with the word and its tool tip; PowerShell finds files itself."""
        return f"{item.value}\t{' '.join((item.help or '').split())}" if item.type == "plain" else ""
