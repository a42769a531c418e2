"""Words too common to search for, per language, folded as `catalogue.search.language.folding.fold` does.

Only words that carry no meaning in any of the four languages stand here: French `car` and `son`, Dutch `kind` and
English `mine` are left out, because a query is written in an unknown language and people look for cars; so is Dutch
`u`, for the U-Bahn, and so are French `être` and `sans`, for `bien-être` and `sans-abri`: nothing would remain of them
but goods and bus shelters.
"""

_FRENCH = """
    a afin ai ainsi alors apres au aucun aucune aussi autre autres aux avant avec avoir c ce ceci cela celle celles
    celui ces cet cette ceux chaque cherche cherchent chercher cherchons chez combien comme d dans de depuis des
    donc dont du elle elles en encore entre est et etaient etait etant etc ete eux fait font il ils j je jusqu l la
    le les leur leurs lors lorsque lui m ma mais meme memes mes moins mon n ne ni nos notre nous on ont ou par parmi
    pas pendant peut peuvent plus plusieurs pour qu quand que quel quelle quelles quels qui quoi s sa se selon sera
    seront ses si soit sont sous sur t ta tandis te tel telle telles tels tes toi ton tous tout toute toutes tres tu
    un une vers veut veux voudrais vos votre vous y
"""

_DUTCH = """
    aan aangezien al alle allen alles als alsook altijd andere ben bij bijvoorbeeld binnen dan dat de deze die dient
    dit doch doen door dus een elk elke en enkele er etc gedurende geen had hadden heb hebben heeft het hier hij hoe
    hun ieder iedere iets ik in indien is ja je kan kunnen laten maar me meer men met mijn moet moeten mogen na naar
    naast niet niets nog nu of om omdat ondanks onder ons onze ook op over per reeds sinds te tegen ten ter terwijl
    tijdens toch toen tot tussen uit uw vaak van vanaf veel via volgens voor vooral waar waarin waarop was wat we
    wel welke werd werden wie wij wil willen wilt worden wordt zal ze zelf zich zij zijn zo zoals zodat zonder zou
    zowel zullen
"""

_GERMAN = """
    ab aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bereits bis da
    dabei dadurch dafur damit dann das dass dazu dein deine dem den denen der deren des dessen die dies diese diesem
    diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es etwa etwas euch fur gegen hat
    hatte hatten hier hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im in ins ist jede jedem jeden jeder jedes
    jedoch kann kein keine keinen konnen mehr mein mit mochte mochten nach neben nicht noch nur ob oder ohne sehr
    sein seine seinem seinen seiner seit sich sie sind so sofern soll sollen sowie sowohl uber um und uns unser
    unter vom von vor wahrend war waren was wegen weil welche welchen welcher welches wenn werden wie wir wird wo
    worden wurde wurden zu zum zur zwar zwischen
"""

_ENGLISH = """
    a about above after again all also am among an and any are as at be because been before being below between both
    but by can could did do does doing down during each either etc few for from further had has have having he her
    here hers him his how i if in into is it its itself just may me might more most must my no nor not now of off on
    once only or other our ours out over own per same shall she should since so some such than that the their theirs
    them then there these they this those through to too under until up upon very via want was we were what when
    where whether which while who whom whose why will with within without would you your yours
"""

STOP_WORDS: dict[str, frozenset[str]] = {
    "fr": frozenset(_FRENCH.split()),
    "nl": frozenset(_DUTCH.split()),
    "de": frozenset(_GERMAN.split()),
    "en": frozenset(_ENGLISH.split()),
}
"""Stop words by language."""

ANY_STOP_WORD: frozenset[str] = frozenset().union(*STOP_WORDS.values())
"""A stop word in any of the languages: what a query of unknown language leaves out."""
