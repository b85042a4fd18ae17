"""The invented stories from which every site of the kit is built. No place, person or event in them is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["p", "h2", "quote", "li"]


@dataclass(frozen=True)
class Story:
    """One story, as a desk would hand it to whatever publishes it."""

    slug: str
    title: str
    author: str
    published: datetime
    category: str
    tags: tuple[str, ...]
    body: tuple[tuple[Kind, str], ...]
    lang: str = "en"

    @property
    def paragraphs(self) -> list[str]:
        """The text of every block in reading order: paragraphs, subheadings, quotes and list items."""
        return [text for _, text in self.body]


def _prose(*paragraphs: str) -> tuple[tuple[Kind, str], ...]:
    """A body of plain paragraphs."""
    return tuple(("p", text) for text in paragraphs)


def _block(kind: Kind, text: str) -> tuple[Kind, str]:
    """One block of a body of several kinds."""
    return kind, text


def _at(month: int, day: int, hour: int, minute: int) -> datetime:
    """A moment of 2026, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


ABOUT = (
    (
        "The Ostermere Ledger is a newspaper that does not exist. It was made up to have something to publish, and so "
        "were its town, its reporters and everything they report."
    ),
    (
        "The newsroom is above the old ropeworks on Tannery Lane. Readers may call in on weekday mornings, if they can "
        "find it on a map, which they cannot."
    ),
)

STORIES: tuple[Story, ...] = (
    Story(
        slug="harbour-board-drops-plan-for-night-ferry",
        title="Harbour board drops plan for a night ferry",
        author="Ines Quarrow",
        published=_at(10, 5, 6, 40),
        category="Transport",
        tags=("ferries", "harbour board"),
        body=_prose(
            "Ostermere’s harbour board has dropped its plan for a night ferry to Sallow Island after a trial in "
            "September carried an average of four passengers a crossing, fewer than the crew that sailed with them.",
            "The boat left Rope Quay at a quarter to midnight, six nights a week, and came back at one in the "
            "morning. The board had hoped that hospital staff on late shifts would use it; most had already arranged "
            "to sleep in town, or shared a car over the causeway at low water.",
            "“We asked people whether they wanted it and they said yes,” the board’s chair, Pell Anstruther, told "
            "members on Sunday evening. “We did not ask them whether they would get on it, and that turns out to be a "
            "different question altogether.”",
            "The trial cost the board 61,000 crowns, about a third of which was fuel. Members agreed without a vote "
            "to spend what was left of the money on a shelter at the island landing, where passengers on the day "
            "boats now wait in the open.",
            "Islanders who spoke at the meeting said that the shelter was welcome but that the last boat home, at ten "
            "past seven, still left too early for anyone who wanted to eat supper in town. The board promised to look "
            "at the summer timetable again in February.",
        ),
    ),
    Story(
        slug="dam",
        title="Engineers find a second crack in the Corran dam",
        author="Tomas Veld",
        published=_at(10, 9, 14, 5),
        category="Region",
        tags=("Corran dam", "safety"),
        body=_prose(
            "Engineers inspecting the Corran dam have found a second crack in its upper wall, eleven metres long and "
            "as wide as a pencil, and have asked for the reservoir to be lowered by two metres before the autumn rain "
            "sets in.",
            "The crack runs along a joint that was poured in the last month of building, when frost stopped the work "
            "for nine days. Records kept in the valley archive show that the foreman asked for the joint to be cut "
            "out and poured again, and that he was refused.",
            "Water has been let through the lower gates since noon on Thursday. Those who live along the Corran were "
            "told to expect the river to rise by the height of a doorstep, and to keep animals off the meadows below "
            "Stone Mill until Tuesday at the earliest.",
            "The dam’s keeper, Hanne Roskill, said that the wall was in no danger of giving way. “A dam talks to you "
            "for years before it does anything,” she said. “This one has cleared its throat, and we would be fools "
            "not to listen to it.”",
        ),
    ),
    Story(
        slug="dam-breaks",
        title="Corran dam gives way at dawn; valley was already empty",
        author="Tomas Veld",
        published=_at(10, 21, 5, 20),
        category="Region",
        tags=("Corran dam", "floods", "safety"),
        body=(
            _block(
                "p",
                "A section of the Corran dam gave way at dawn on Wednesday and sent a wave of brown water three "
                "metres high down a valley that had been emptied of its people the evening before. Nobody was hurt.",
            ),
            _block(
                "p",
                "Four hundred and twelve residents of Stone Mill and Lower Corran had been taken to schools in "
                "Ostermere after sensors in the upper wall recorded a movement of six millimetres in an hour, three "
                "times the limit at which the keeper is bound to give the alarm.",
            ),
            _block(
                "quote",
                "I rang the bell myself. You practise it every spring and you feel a little foolish each time, with "
                "the whole village waving at you. Nobody waved last night. They picked up their coats and they went.",
            ),
            _block(
                "p",
                "Hanne Roskill, who has kept the dam for nineteen years, watched the break from the hillside above "
                "the gatehouse. She said that the wall opened along the joint that engineers had marked at the start "
                "of the month, and that it took less than a minute.",
            ),
            _block("h2", "What the water took"),
            _block(
                "p",
                "The flood carried off the footbridge at Stone Mill, a sawmill, two barns and about a kilometre of "
                "the valley road. By eight o’clock it had spread out over the meadows, as the old maps said it would, "
                "and was no deeper than a man’s knee when it reached the first houses of Ostermere.",
            ),
            _block(
                "p",
                "The regional council meets this afternoon to decide how long residents must stay away. Power is "
                "expected back in Lower Corran tonight, but the road will not carry heavy vehicles before the middle "
                "of November, according to the surveyor’s first estimate.",
            ),
        ),
    ),
    Story(
        slug="story-2",
        title="Bakers’ guild asks for a later market bell",
        author="Maren Oxley",
        published=_at(10, 12, 9, 0),
        category="Business",
        tags=("market", "bakers"),
        body=_prose(
            "The bakers of Ostermere want the market bell to ring at seven instead of six, and have told the town "
            "that some of them will give up their stalls at the new year if it does not. Eleven of the guild’s "
            "fourteen members signed the letter.",
            "The bell, which by custom no trader may sell before, was moved to six o’clock forty years ago to suit "
            "fishermen who wanted to be back at sea by the turn of the tide. Only two boats still sell at the market, "
            "and both of them land their catch in the afternoon.",
            "“We start at one in the morning so that the bread is there at six, and then we stand beside it for an "
            "hour and look at pigeons,” said Orla Finch, whose family has had the corner stall since before the "
            "square was paved. “The customers come at half past seven.”",
            "The market master, Edvin Sorrel, said that he had sympathy for the bakers but that the flower sellers, "
            "who pay for more pitches than anyone, liked the early hour because hotels send for flowers before "
            "breakfast. He will put both cases to the council.",
        ),
    ),
    Story(
        slug="story-3",
        title="Library van finds its readers again",
        author="Maren Oxley",
        published=_at(10, 14, 11, 30),
        category="Culture",
        tags=("libraries", "villages"),
        body=_prose(
            "The library van that serves the villages north of Ostermere lent more books in September than in any "
            "month since its rounds were cut in half, and the county has agreed to give it back two of the five stops "
            "it lost.",
            "Its driver, Wendel Haar, puts the change down to a notebook. In the spring he began to write down what "
            "people asked for and did not get, and he spent the whole of his small budget on those titles and on "
            "nothing else, however odd they looked beside each other.",
            "The list runs from the repair of clocks to the novels of Brena Molloy, of which the van now carries nine "
            "in large print. A farmer at Upper Tarn asked for a grammar of Finnish; it has been borrowed four times "
            "since, by four different people, and nobody knows why.",
            "From the first week of November the van will stop again at Tarn Cross and at the old creamery in Pellow, "
            "every second Thursday between two and four. Readers there who still have books from before the cut will "
            "not be charged for them, the county said.",
            "Haar said that he expected about thirty such books. “One of them is mine,” he added. “I lent it to the "
            "postman in Pellow on the last afternoon, and I have been wondering how it ends.”",
        ),
    ),
    Story(
        slug="1234",
        title="Bus 1234 retires after thirty-one years on the hill route",
        author="Ines Quarrow",
        published=_at(10, 17, 16, 45),
        category="Transport",
        tags=("buses", "history"),
        body=_prose(
            "The oldest bus in Ostermere, known to everybody by the number on its side, made its last climb up "
            "Cloister Hill on Saturday with forty-four passengers, a brass quartet and a goat that had been brought "
            "along as a joke.",
            "Number 1234 was bought second-hand from a coal town that had closed its tramway, and was meant to last "
            "for three winters. Its gearbox, which nobody has ever fully understood, proved so good on the steep "
            "streets that it outlived two generations of newer buses.",
            "Mechanics at the depot reckon that it has climbed the hill some 290,000 times. It broke down on the way "
            "up on only seven occasions, each of them in the week of the spring fair, a fact for which there are "
            "several theories and no proof.",
            "The transport company will keep the bus in working order and run it on Sundays in summer. The route "
            "itself passes on Monday to two electric buses, which are quieter, carry twenty more people and, drivers "
            "say, need some coaxing at the hairpin by the chapel.",
        ),
    ),
    Story(
        slug="puente-de-valdora-reabre-tras-las-obras",
        title="El puente de Valdora reabre tras ocho meses de obras",
        author="Lucía Berral",
        published=_at(10, 19, 7, 15),
        category="Region",
        tags=("Valdora", "puentes"),
        lang="es",
        body=_prose(
            "El puente viejo de Valdora volvió a abrirse al tráfico el lunes por la mañana, después de ocho meses de "
            "obras que obligaron a los vecinos de la orilla norte a dar un rodeo de catorce kilómetros para llegar al "
            "mercado.",
            "Los trabajos, que costaron 2,3 millones de coronas, reforzaron los tres arcos centrales y sustituyeron "
            "el pavimento por losas de la misma cantera de la que salió la piedra original. La cantera llevaba "
            "sesenta años cerrada y hubo que abrir de nuevo el camino.",
            "«Durante las obras aprendimos que el puente tenía un vecino al que nadie había invitado», contó la "
            "ingeniera Marta Solvés. Una familia de nutrias vivía bajo el segundo arco, y los obreros esperaron cinco "
            "semanas a que las crías pudieran nadar.",
            "El ayuntamiento limitará el paso a vehículos de menos de doce toneladas. Los camiones de la azucarera "
            "seguirán usando el vado de Pontejos, que se asfaltará antes de la primavera si la junta regional aprueba "
            "el presupuesto en su sesión de noviembre.",
        ),
    ),
    Story(
        slug="qinghe-zhen-duchuan-fuhang",
        title="青禾镇渡船停航三年后恢复通航",
        author="沈若舟",
        published=_at(10, 23, 2, 10),
        category="Region",
        tags=("青禾镇", "渡船"),
        lang="zh",
        body=_prose(
            "停航三年之后，青禾镇的木渡船周五清晨重新驶过柳叶河。第一班船上坐了二十六名乘客，"
            "其中一半是要去对岸上学的孩子，"
            "另一半是专程赶来看热闹的老人。船工老周在码头上敲了三下铜锣，然后解开缆绳，岸上响起一阵掌声。"
            "这条河宽不过两百米，过去三年里，镇上的人却要绕行九公里，从上游的公路桥过河。",
            "渡船是在三年前的一场洪水中受损的。当时上游漂下来的树干撞裂了船底，镇里一度打算把它拆掉，"
            "改建一座步行桥。"
            "后来测量队发现河床的泥沙太软，建桥的费用是原先估计的四倍，计划因此搁置下来。去年春天，"
            "几位退休的木匠提出自己动手修船，"
            "镇里拨给他们一间旧仓库和一批杉木，修理工作前后用了十四个月。",
            "负责修船的木匠何望山今年七十一岁。他说，最难的不是木工，而是找到当年的图纸。"
            "图纸最后在小学的阁楼里找到了，"
            "被人用来垫一只漏水的水缸。“纸都发霉了，但是线条还看得清楚，”他说，“画图的人是我的师父，"
            "我一看那个弯度就认出来了。”他带着两名徒弟，把船底的每一块木板都换成了新的。",
            "按照新的时刻表，渡船每天早上六点开始运营，每半小时一班，晚上七点收班；"
            "遇到大风或者水位超过警戒线时停航。"
            "学生和七十岁以上的老人免费乘坐，其他乘客每次收费两元。镇里表示，如果冬天之前乘客人数稳定，"
            "明年将在对岸修建一个避雨的候船亭，并且在码头安装路灯。",
        ),
    ),
    Story(
        slug="power-cut-on-tannery-lane",
        title="Short power cut darkens Tannery Lane",
        author="Maren Oxley",
        published=_at(10, 26, 20, 55),
        category="Region",
        tags=("electricity",),
        body=_prose(
            "About ninety homes on Tannery Lane lost power for forty minutes on Monday evening after a swan flew into "
            "a line near the ropeworks. The swan walked away.",
            "The network company said that the line was sound and that current had been back in every house by half "
            "past eight. A bakery that lost an oven of rolls will be paid for them.",
        ),
    ),
    Story(
        slug="town-council-agrees-flood-money-for-lower-corran",
        title="Council agrees flood money for Lower Corran, with conditions",
        author="Tomas Veld",
        published=_at(11, 3, 18, 25),
        category="Politics",
        tags=("floods", "council", "Corran dam"),
        body=(
            _block(
                "p",
                "Households in Lower Corran will get up to 9,000 crowns each to repair what the flood left behind, "
                "under a plan that the regional council passed late on Tuesday by nineteen votes to six.",
            ),
            _block(
                "p",
                "The money comes from a reserve set up after the storms of the last decade and never touched since. "
                "It will be paid in two parts, half of it at once and half when a surveyor has seen that the work was "
                "done and that it was done above the new flood line.",
            ),
            _block("h2", "Who can apply"),
            _block(
                "li",
                "Anyone who owned or rented a home in Lower Corran or Stone Mill on the twentieth of October.",
            ),
            _block(
                "li",
                "Shops and workshops with fewer than ten employees, if they open again before the end of May.",
            ),
            _block(
                "li",
                "Farms that lost fodder, for whom the council has set aside a separate sum of 140,000 crowns.",
            ),
            _block(
                "p",
                "The six members who voted against the plan wanted the whole sum paid at once. Their leader, Ragna "
                "Thole, said that people who were drying their carpets in a school gymnasium had better things to do "
                "than to wait for a man with a spirit level.",
            ),
            _block(
                "quote",
                "Trust is also a kind of relief, and it is the cheapest one we have. We have chosen to send out the "
                "forms first and the trust afterwards.",
            ),
            _block(
                "p",
                "Applications open on Monday at the town hall, on paper only for the first week because the valley’s "
                "telephone exchange is still under repair. The council expects to have paid the first part to "
                "everyone by the middle of December.",
            ),
        ),
    ),
    Story(
        slug="chess-club-beats-the-capital-for-the-first-time",
        title="Chess club beats the capital for the first time",
        author="Ines Quarrow",
        published=_at(11, 8, 21, 10),
        category="Sport",
        tags=("chess",),
        body=_prose(
            "Ostermere’s chess club, which meets in the back room of a fishmonger’s, beat the league champions from "
            "the capital by four and a half points to three and a half on Sunday, the first time in twenty-two "
            "meetings.",
            "The match turned on the sixth board, where Ulla Brandt, who is fifteen and joined the club in January, "
            "gave up a rook on her nineteenth move and then appeared to think about something else for half an hour "
            "while her opponent looked for the trap.",
            "There was none, she said afterwards. She had miscounted. “But he believed in it more and more, so in the "
            "end I believed in it too,” she said. He moved his king into the corner to be safe from it, and lost to a "
            "pawn that nobody in the room had been watching.",
            "The club’s captain, Sander Kolk, drew the last game after five hours and ten minutes to settle the "
            "match. He thanked the fishmonger, who had turned off the ice machine at three in the afternoon when the "
            "noise of it began to disturb the players, and who lost some herring by it.",
            "The result lifts Ostermere from ninth place to sixth with four matches to play. The next is on the last "
            "Sunday of the month, away to a team of retired railwaymen who have not lost at home for two years.",
        ),
    ),
    Story(
        slug="glassworks-to-take-on-forty-apprentices",
        title="Glassworks to take on forty apprentices",
        author="Maren Oxley",
        published=_at(11, 12, 8, 0),
        category="Business",
        tags=("glassworks", "jobs"),
        body=_prose(
            "The Lindmark glassworks will take on forty apprentices in the new year, the most since its second "
            "furnace was lit, to meet an order for lamp glass that will keep it busy until the end of the decade.",
            "The order comes from the railways, which are replacing the lamps of more than six hundred country "
            "stations. Moulded glass from abroad was a fifth cheaper, but it yellowed in tests; Lindmark’s, which is "
            "blown into wooden moulds soaked in pear juice, did not.",
            "Apprentices will be paid from the first day and will spend one day of each week at the technical school. "
            "The works has asked for people of any age, and its manager, Jorun Estby, said that a third of those who "
            "had written so far were over forty.",
            "“Glass does not care how old you are,” she said. “It cares whether you are paying attention. We have "
            "found that people who have already had one trade taken away from them pay very good attention indeed.”",
            "The trade union welcomed the jobs but said that it would watch the hours: the night shift at the "
            "furnaces was stopped nine years ago after a run of accidents, and the order cannot easily be filled "
            "without one. Talks begin on Wednesday.",
            "Anyone who wants to apply can see the works on the two Saturdays before Advent, when the doors stand "
            "open from ten and visitors may try to blow a bubble of their own. Most of them, the works says, make an "
            "onion.",
        ),
    ),
    Story(
        slug="lighthouse-keepers-diary-turns-up-in-a-piano",
        title="Lighthouse keeper’s diary turns up in a piano",
        author="Ines Quarrow",
        published=_at(11, 16, 13, 35),
        category="Culture",
        tags=("history", "lighthouse", "music"),
        body=_prose(
            "A diary kept for eleven years by the last keeper of the Skarvholm light has turned up inside a piano "
            "that was being tuned for a school concert, and it settles an argument about the wreck of the Amalia.",
            "The tuner, Benno Achterberg, had taken off the lower panel because one of the pedals was stiff. The book "
            "lay across the trapwork, wrapped in oilcloth. “I thought it was a hot-water bottle,” he said. “People "
            "put the strangest things into pianos, mostly sandwiches.”",
            "The keeper, Jens Aurland, was blamed for letting the light go out on the night that the Amalia struck "
            "the Skarvholm reef with a cargo of church bells. He always said that it had burned until morning, and he "
            "died without having been believed.",
            "His entry for that night gives the level of the oil every half hour, in the same even hand as on every "
            "other night, and notes at ten past two that the ship “answers no signal and steers as if asleep”. The "
            "oil used is what a lamp would burn that had never gone out.",
            "The diary will be shown at the harbour museum from the first of December. Aurland’s granddaughter, who "
            "sold the piano to the school, said that she had often wondered why it would not play softly.",
        ),
    ),
    Story(
        slug="school-orchestra-plays-for-the-night-shift",
        title="School orchestra plays for the night shift",
        author="Lucía Berral",
        published=_at(11, 21, 1, 40),
        category="Culture",
        tags=("music", "schools"),
        body=_prose(
            "The orchestra of Ostermere’s upper school gave its winter concert at eleven at night on Friday, in the "
            "loading hall of the fish market, so that for once the people who work there could hear it.",
            "The idea came from a viola player whose father packs crates and had missed every concert in four years. "
            "The school asked the market; the market moved its forklifts to one side and lent the players a cold "
            "store in which to tune, which they used only briefly.",
            "About two hundred people stood between the pallets in boots and aprons, among them drivers who had come "
            "off the road for an hour on the way to the coast. The programme was three dances, a slow movement and a "
            "march, and the march was played twice.",
            "The first lorries were loaded half an hour late. The market’s night manager, Dagny Holm, said that she "
            "had written the reason into the log as it was, and that not one customer had rung up to complain. The "
            "school has been asked to come back in the spring.",
        ),
    ),
)
